import { Button, type ButtonProps } from "@mantine/core";

interface PayNowProps extends Pick<ButtonProps, "size"> {
  /** Stripe's page of the open invoice; nothing is shown where there is none. */
  url: string | null;
}

/** To the page where the open invoice is paid; in a window of its own, as it has no way back. */
export function PayNow({ url, size }: PayNowProps) {
  if (!url) return null;
  return (
    <Button component="a" href={url} target="_blank" rel="noreferrer" {...(size && { size })}>
      Pay now
    </Button>
  );
}
