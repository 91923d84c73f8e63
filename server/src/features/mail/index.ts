export { letter, type Letter } from "./letter.ts";
export { mailPage } from "./routes.ts";
export { queueAskedMail, queueMail } from "./queue-mail.ts";
export { mailJobs } from "./send-mail.ts";
export { confirmAddressMail, resetPasswordMail, welcomeMail } from "./templates.ts";
