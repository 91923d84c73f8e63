import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { Check, Copy } from "lucide-react";

interface CopyButtonProps {
  value: string;
  /** What is copied, as the button says it: "Copy link". */
  label?: string;
}

/** Copies a text, and says for two seconds that it did. */
export function CopyButton({ value, label = "Copy" }: CopyButtonProps) {
  const { copied, copy } = useClipboard({ timeout: 2000 });
  const Icon = copied ? Check : Copy;
  return (
    <Button
      variant="default"
      size="sm"
      leftSection={<Icon size={16} aria-hidden />}
      onClick={() => copy(value)}
      aria-live="polite"
    >
      {copied ? "Copied" : label}
    </Button>
  );
}
