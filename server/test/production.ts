/** The address people type in the tests' production. */
export const productionUrl = "https://charlie.example.org";

/** What a production server needs beside a database. Nobody pays or mails there, so neither Stripe nor Resend is asked. */
export const productionEnv = (redisUrl: string): Record<string, string> => ({
  NODE_ENV: "production",
  PUBLIC_URL: productionUrl,
  REDIS_URL: redisUrl,
  BETTER_AUTH_SECRET: "pohW6aeghaa7Aiv4eiqu2uodohx3Ahc5",
  STRIPE_SECRET_KEY: "sk_test_51NiV8eeth0Wahghoo3",
  STRIPE_WEBHOOK_SECRET: "whsec_Ohr7aij4ahPoo3di",
  STRIPE_PRO_PRICE_ID: "price_1NiVei4Quohw",
  STRIPE_TEAM_PRICE_ID: "price_1NiVoo0Eeghi",
  RESEND_API_KEY: "re_Eik4ohNg_ae7Iepha",
  FROM_EMAIL: "Charlie <charlie@example.org>",
});
