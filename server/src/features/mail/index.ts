export { escapeHtml, letter, type Letter } from "./letter.ts";
export { mailPage } from "./routes.ts";
export { queueMail, type QueuedMail } from "./queue-mail.ts";
export { mailJobs, type MailServices } from "./send-mail.ts";
export { confirmAddressMail, resetPasswordMail, welcomeMail } from "./templates.ts";
