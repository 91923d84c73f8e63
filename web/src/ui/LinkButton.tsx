import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type LinkAttributes<Own> = Own &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Own> & { ref?: Ref<HTMLAnchorElement> };

function ButtonAnchor(props: LinkAttributes<ButtonProps>) {
  return <Button component="a" {...props} />;
}

function TextAnchor(props: LinkAttributes<AnchorProps>) {
  return <Anchor {...props} />;
}

/** A button that leads to a route of the app; `to` and `params` are checked against the routes. */
export const LinkButton = createLink(ButtonAnchor);

/** A link in running text to a route of the app. */
export const TextLink = createLink(TextAnchor);
