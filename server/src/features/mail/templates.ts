import { letter, type Letter } from "./letter.ts";

/** Asks a new account to confirm its address. The link holds for a day. */
export const confirmAddressMail = ({ name, url }: { name: string; url: string }): Letter =>
  letter({
    subject: "Please confirm your e-mail address",
    name,
    paragraphs: [
      "Good to have you here. Please confirm that this is your e-mail address, so that we know where to reach you.",
      "You can go on teaching Charlie in the meantime. We only need this before a first payment.",
    ],
    button: { label: "Confirm my address", url },
    footnote: "The link works for one day. If you did not sign up, you can leave this mail alone; nothing will happen.",
  });

/** Lets somebody choose a new password. The link holds for an hour. */
export const resetPasswordMail = ({ name, url }: { name: string; url: string }): Letter =>
  letter({
    subject: "Choose a new password",
    name,
    paragraphs: ["Somebody, most likely you, asked for a new password for your account."],
    button: { label: "Choose a new password", url },
    footnote:
      "The link works for one hour and only once. If you did not ask for it, your password stays as it is and you need not do anything.",
  });

/** The first mail after sign-up that is not about a link to confirm. */
export const welcomeMail = ({ name, url }: { name: string; url: string }): Letter =>
  letter({
    subject: "Welcome to Teach Charlie",
    name,
    paragraphs: [
      "Charlie is ready to learn. Tell him who he is, what his rules are and which tricks he knows, then ask him something.",
      "Your Free plan has no end date. Should you ever need more room, you will see the price before anything is charged.",
    ],
    button: { label: "Teach Charlie", url },
  });
