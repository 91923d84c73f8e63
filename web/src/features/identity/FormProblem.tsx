import { Alert } from "@mantine/core";
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { wordsFor } from "../../ui/problem-words.ts";

/** What went wrong with a form as a whole, above its fields; nothing where nothing did. */
export function FormProblem({ error, children }: { error: unknown; children?: ReactNode }) {
  if (!error) return null;
  const { title, detail } = wordsFor(error);
  return (
    <Alert color="red" role="alert" icon={<CircleAlert size={20} aria-hidden />} title={title}>
      {detail} {children}
    </Alert>
  );
}
