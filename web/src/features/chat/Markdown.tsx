import { type ReactNode, useId } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import remend from "remend";
import styles from "./markdown.module.css";

/** Answers stand under the page's own headings, whatever level they think they are. */
const heading = ({ children }: { children?: ReactNode }) => <h3>{children}</h3>;

const components: Components = {
  h1: heading,
  h2: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  a: ({ href, children, id }) =>
    href?.startsWith("#") ? (
      <a href={href} id={id}>
        {children}
      </a>
    ) : (
      <a href={href} target="_blank" rel="noopener nofollow noreferrer">
        {children}
      </a>
    ),
  // Wide things scroll by themselves, and by keyboard too.
  table: ({ children }) => (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className={styles["wide"]} role="group" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  // The only inputs are those of task lists, which nobody can tick.
  input: ({ checked }) => <span role="img" aria-label={checked ? "Done" : "To do"} data-box={checked ? "x" : " "} />,
};

interface MarkdownProps {
  text: string;
  /** Half a sentence may stand at the end: what it opens (bold, links, code) is closed for the moment. */
  streaming: boolean;
}

/** An answer's Markdown. HTML in it shows as text, pictures are left out (they would tell others who reads). */
export default function Markdown({ text, streaming }: MarkdownProps) {
  const footnotes = `${useId()}-`;
  return (
    <div className={styles["markdown"]}>
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        remarkRehypeOptions={{ clobberPrefix: footnotes }}
        components={components}
        disallowedElements={["img"]}
      >
        {streaming ? remend(text, { linkMode: "text-only", katex: false }) : text}
      </ReactMarkdown>
    </div>
  );
}
