/** What Better Auth asks for on this server (`features/identity/auth.ts`), said before it has to. */
export const shortestPassword = 8;

export function checkEmail(email: string): string | undefined {
  if (email.trim() === "") return "Please write your e-mail address.";
  return /^\S+@\S+\.\S+$/.test(email.trim()) ? undefined : "An e-mail address looks like anna@example.com.";
}

export function checkNewPassword(password: string): string | undefined {
  if (password.length < shortestPassword) return `Please take at least ${shortestPassword} characters.`;
  return password.length > 128 ? "Please keep it under 128 characters." : undefined;
}
