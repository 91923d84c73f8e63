import { ActionIcon, Box, useMantineColorScheme } from "@mantine/core";
import { Moon, Sun } from "lucide-react";

/** Switches between light and dark. Choosing what the device prefers anyway goes back to following it. */
export function useSchemeToggle(): () => void {
  const { setColorScheme } = useMantineColorScheme();
  return () => {
    const next = document.documentElement.dataset["mantineColorScheme"] === "dark" ? "light" : "dark";
    const preferred = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    setColorScheme(next === preferred ? "auto" : next);
  };
}

/** Light or dark. Both icons are in the page and CSS shows one: the prerendered page can't know the scheme. */
export function ThemeToggle() {
  const toggle = useSchemeToggle();
  return (
    <ActionIcon variant="subtle" color="gray" size="lg" onClick={toggle} aria-label="Switch between light and dark">
      <Box component="span" lh={0} darkHidden>
        <Moon size={20} aria-hidden />
      </Box>
      <Box component="span" lh={0} lightHidden>
        <Sun size={20} aria-hidden />
      </Box>
    </ActionIcon>
  );
}
