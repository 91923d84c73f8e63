import { useQuery } from "@tanstack/react-query";
import { Anchor, Kbd } from "@mantine/core";
import { queries } from "../../api/index.ts";
import { Charlie } from "../../charlie/Charlie.tsx";
import { TextLink } from "../../ui/LinkButton.tsx";
import { PageHead } from "../../ui/PageHead.tsx";
import { useTitle } from "../../ui/use-title.ts";
import styles from "./help.module.css";
import { shortcuts, topics } from "./topics.tsx";

/** The way to a person, and to what the law asks for: as far as whoever runs the service has told. */
function Contact() {
  const { data } = useQuery(queries.config);
  if (!data || (data.supportEmail === null && data.legal.length === 0)) return null;
  const { supportEmail, legal } = data;
  return (
    <section id="contact" className={styles["topic"]}>
      <h2>{supportEmail ? "My question is not here." : "Where is the small print?"}</h2>
      {supportEmail && (
        <p>
          Write to <Anchor href={`mailto:${supportEmail}`}>{supportEmail}</Anchor>. Tell us what you wanted to do and
          what happened instead.
        </p>
      )}
      {legal.length > 0 && (
        <p className={styles["legal"]}>
          {legal.map(({ name, url }) => (
            <Anchor key={name} href={url}>
              {name}
            </Anchor>
          ))}
        </p>
      )}
    </section>
  );
}

/** Short answers to what people really ask. */
export function HelpPage() {
  useTitle("Help");
  return (
    <div className={styles["help"]}>
      <PageHead title="Help" description="Short answers to what people ask most." />
      <nav aria-label="Questions" className={styles["contents"]}>
        <ul>
          {topics.map(({ id, question }) => (
            <li key={id}>
              <TextLink to="/help" hash={id}>
                {question}
              </TextLink>
            </li>
          ))}
          <li>
            <TextLink to="/help" hash="keyboard">
              Which keys can I use?
            </TextLink>
          </li>
        </ul>
        <Charlie pose="sitting" size={150} accessory="mortarboard" mood="answering" />
      </nav>
      {topics.map(({ id, question, answer }) => (
        <section key={id} id={id} className={styles["topic"]}>
          <h2>{question}</h2>
          {answer}
        </section>
      ))}
      <section id="keyboard" className={styles["topic"]}>
        <h2>Which keys can I use?</h2>
        <p>Everything works without a mouse: Tab goes on, Shift and Tab go back, Enter presses.</p>
        <table className={styles["keys"]}>
          <thead>
            <tr>
              <th scope="col">Keys</th>
              <th scope="col">What they do</th>
            </tr>
          </thead>
          <tbody>
            {shortcuts.map(({ keys, does }) => (
              <tr key={does}>
                <td>
                  {keys.map((key, index) => (
                    <span key={key}>
                      {index > 0 && " + "}
                      <Kbd size="md">{key}</Kbd>
                    </span>
                  ))}
                </td>
                <td>{does}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p>On a Mac, take ⌘ instead of Ctrl.</p>
      </section>
      <Contact />
    </div>
  );
}
