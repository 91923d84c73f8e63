import { ActionIcon, Button, Group, Popover, Textarea, Tooltip } from "@mantine/core";
import type { Feedback as Given } from "@charlie/contract";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { type FormEvent, useState } from "react";
import { notifyDone, notifyError } from "../../ui/toasts.tsx";

type Rating = Given["rating"];

interface FeedbackProps {
  given: Given | null;
  onRate: (rating: Rating, reason?: string) => Promise<void>;
}

const thumbs = [
  { rating: "up", label: "Good answer", Icon: ThumbsUp, ask: "What was good about it?" },
  { rating: "down", label: "Not a good answer", Icon: ThumbsDown, ask: "What was not right?" },
] as const;

/** Thumbs up or down. The rating is kept at once; a field for the reason opens then, and may stay empty. */
export function Feedback({ given, onRate }: FeedbackProps) {
  const [asking, setAsking] = useState<Rating | null>(null);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);

  const rate = (rating: Rating) => {
    setReason(given?.rating === rating ? (given.reason ?? "") : "");
    setAsking(asking === rating ? null : rating);
    if (given?.rating !== rating) onRate(rating).catch(notifyError);
  };
  const thank = () => {
    setAsking(null);
    notifyDone("Thank you. Your note is kept with the answer.");
  };
  const tell = (event: FormEvent) => {
    event.preventDefault();
    if (!asking) return;
    setBusy(true);
    onRate(asking, reason.trim())
      .then(thank, notifyError)
      .finally(() => setBusy(false));
  };

  return thumbs.map(({ rating, label, Icon, ask }) => (
    <Popover
      key={rating}
      opened={asking === rating}
      onDismiss={() => setAsking(null)}
      position="bottom-start"
      width={300}
      shadow="md"
      trapFocus
      returnFocus
      withRoles={false}
    >
      <Popover.Target>
        <Tooltip label={label}>
          <ActionIcon
            variant={given?.rating === rating ? "light" : "subtle"}
            color={given?.rating === rating ? "collar" : "gray"}
            size="lg"
            aria-label={label}
            aria-pressed={given?.rating === rating}
            onClick={() => rate(rating)}
          >
            <Icon size={18} aria-hidden fill={given?.rating === rating ? "currentColor" : "none"} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={ask}>
        <form onSubmit={tell}>
          <Textarea
            label={ask}
            description="If you like. Only you and your team see it."
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            maxLength={500}
            minRows={2}
            maxRows={6}
            data-autofocus
          />
          <Group justify="flex-end" mt="sm" gap="xs">
            <Button variant="subtle" color="gray" size="sm" onClick={() => setAsking(null)}>
              Close
            </Button>
            <Button type="submit" size="sm" loading={busy} disabled={reason.trim() === ""}>
              Keep note
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  ));
}
