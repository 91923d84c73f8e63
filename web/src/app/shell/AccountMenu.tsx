import { Box, Menu, UnstyledButton } from "@mantine/core";
import type { Me } from "@charlie/contract";
import { useNavigate } from "@tanstack/react-router";
import { ChartNoAxesColumn, ChevronDown, CircleHelp, House, LogOut, Moon, Settings, Sun } from "lucide-react";
import { useSignOut } from "../../features/identity/use-sign-out.ts";
import { useSchemeToggle } from "../../ui/ThemeToggle.tsx";
import styles from "./shell.module.css";

interface AccountMenuProps {
  user: Me["user"];
  workspaceName: string;
}

/** Everything that is not the page itself: usage, settings, help, light and dark, sign-out. */
export function AccountMenu({ user, workspaceName }: AccountMenuProps) {
  const navigate = useNavigate();
  const toggleScheme = useSchemeToggle();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={260} shadow="md">
      <Menu.Target>
        <UnstyledButton className={styles["account"]} aria-label="Menu">
          <span className={styles["initial"]} aria-hidden>
            {user.name.trim().charAt(0).toUpperCase() || "?"}
          </span>
          <ChevronDown size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles["who"]}>
          <strong>{user.name}</strong>
          <span>{user.email}</span>
          <span>{workspaceName}</span>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<House size={18} aria-hidden />} onClick={() => void navigate({ to: "/home" })}>
          Home
        </Menu.Item>
        <Menu.Item
          leftSection={<ChartNoAxesColumn size={18} aria-hidden />}
          onClick={() => void navigate({ to: "/usage" })}
        >
          Usage
        </Menu.Item>
        <Menu.Item leftSection={<Settings size={18} aria-hidden />} onClick={() => void navigate({ to: "/settings" })}>
          Settings
        </Menu.Item>
        <Menu.Item leftSection={<CircleHelp size={18} aria-hidden />} onClick={() => void navigate({ to: "/help" })}>
          Help
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          closeMenuOnClick={false}
          onClick={toggleScheme}
          leftSection={
            <>
              <Box component="span" display="contents" darkHidden>
                <Moon size={18} aria-hidden />
              </Box>
              <Box component="span" display="contents" lightHidden>
                <Sun size={18} aria-hidden />
              </Box>
            </>
          }
        >
          <Box component="span" darkHidden>
            Dark colours
          </Box>
          <Box component="span" lightHidden>
            Light colours
          </Box>
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={18} aria-hidden />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
