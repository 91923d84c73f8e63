import { Box, Menu, type MenuItemProps, UnstyledButton } from "@mantine/core";
import type { Me } from "@charlie/contract";
import { useMutation } from "@tanstack/react-query";
import { createLink } from "@tanstack/react-router";
import {
  ChartNoAxesColumn,
  ChevronDown,
  CircleHelp,
  Gauge,
  House,
  LogOut,
  Moon,
  Settings,
  Sun,
  UserRound,
} from "lucide-react";
import type { Ref } from "react";
import { openAccount } from "../../features/identity/clerk/account.ts";
import { useClerkKey } from "../../features/identity/clerk/clerk-key.ts";
import { useSignOut } from "../../features/identity/use-sign-out.ts";
import { useSchemeToggle } from "../../ui/ThemeToggle.tsx";
import styles from "./shell.module.css";

function MenuAnchor(props: MenuItemProps & { ref?: Ref<HTMLAnchorElement> }) {
  return <Menu.Item component="a" {...props} />;
}
const MenuLink = createLink(MenuAnchor);

interface AccountMenuProps {
  user: Me["user"];
  /** Runs the service. */
  operator: boolean;
  workspaceName: string;
}

/** Everything that is not the page itself: usage, settings, help, light and dark, sign-out. */
export function AccountMenu({ user, operator, workspaceName }: AccountMenuProps) {
  const toggleScheme = useSchemeToggle();
  const signOut = useSignOut();
  const clerk = useClerkKey();
  const account = useMutation({ mutationFn: openAccount });
  return (
    <Menu position="bottom-end" width={272} shadow="md" withinPortal={false}>
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
          {/* Where there is none, as Clerk allows, the server puts one that never exists. */}
          {!user.email.endsWith(".invalid") && <span>{user.email}</span>}
          <span>{workspaceName}</span>
        </div>
        <Menu.Divider />
        <MenuLink leftSection={<House size={18} aria-hidden />} to="/home">
          Home
        </MenuLink>
        <MenuLink leftSection={<ChartNoAxesColumn size={18} aria-hidden />} to="/usage">
          Usage
        </MenuLink>
        <MenuLink leftSection={<Settings size={18} aria-hidden />} to="/settings">
          Settings
        </MenuLink>
        {clerk !== null && (
          <Menu.Item leftSection={<UserRound size={18} aria-hidden />} onClick={() => account.mutate(clerk)}>
            Sign-in and addresses
          </Menu.Item>
        )}
        {operator && (
          <MenuLink leftSection={<Gauge size={18} aria-hidden />} to="/admin">
            Operator
          </MenuLink>
        )}
        <MenuLink leftSection={<CircleHelp size={18} aria-hidden />} to="/help">
          Help
        </MenuLink>
        <Menu.Divider />
        <Menu.Item
          closeMenuOnClick={false}
          onClick={toggleScheme}
          leftSection={
            <>
              <Box component="span" lh={0} darkHidden>
                <Moon size={18} aria-hidden />
              </Box>
              <Box component="span" lh={0} lightHidden>
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
