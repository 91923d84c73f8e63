import { Alert } from "@mantine/core";
import { TextLink } from "../../ui/LinkButton.tsx";
import { type Refusal, refusalWords } from "./chat-words.ts";

interface RefusedProps {
  refusal: Refusal;
  name: string;
  onClose: () => void;
}

/** Why a question was not taken, next to the field that still holds it. */
export function Refused({ refusal, name, onClose }: RefusedProps) {
  const { title, detail, help, harmless } = refusalWords(refusal, name);
  return (
    <Alert
      color={harmless ? "gray" : "red"}
      variant="light"
      title={title}
      withCloseButton
      closeButtonLabel="Close this message"
      onClose={onClose}
      mb="xs"
    >
      {detail}
      {help === "awake" && (
        <>
          {" "}
          <TextLink to="/awake">Choose who stays awake</TextLink>
        </>
      )}
      {help === "ai-keys" && (
        <>
          {" "}
          <TextLink to="/settings/ai-keys">See AI keys</TextLink>
        </>
      )}
    </Alert>
  );
}
