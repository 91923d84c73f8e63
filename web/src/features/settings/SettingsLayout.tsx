import { Link, Outlet } from "@tanstack/react-router";
import { Building2, CreditCard, KeyRound } from "lucide-react";
import { PageHead } from "../../ui/PageHead.tsx";
import styles from "./settings.module.css";

const sections = [
  { to: "/settings", label: "Workspace", Icon: Building2 },
  { to: "/settings/ai-keys", label: "AI keys", Icon: KeyRound },
  { to: "/settings/billing", label: "Billing", Icon: CreditCard },
] as const;

/** The settings' sections, and the open one beside them (on phones: below). */
export function SettingsLayout() {
  return (
    <>
      <PageHead title="Settings" />
      <div className={styles["settings"]}>
        <nav aria-label="Settings" className={styles["sections"]}>
          {sections.map(({ to, label, Icon }) => (
            <Link key={to} to={to} activeOptions={{ exact: true }} className={styles["section"]}>
              <Icon size={18} aria-hidden />
              {label}
            </Link>
          ))}
        </nav>
        <div className={styles["page"]}>
          <Outlet />
        </div>
      </div>
    </>
  );
}
