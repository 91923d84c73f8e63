import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { queries } from "../../api/index.ts";
import { ConsentLine } from "../../features/analytics/ConsentLine.tsx";
import { PaymentBanner } from "../../features/billing/PaymentBanner.tsx";
import { useUpgrade } from "../../features/billing/upgrade.tsx";
import { ConfirmAddress } from "../../features/identity/ConfirmAddress.tsx";
import { useFreshSession } from "../../features/identity/clerk/use-fresh-session.ts";
import { LimitNotices } from "../../features/usage/LimitNotices.tsx";
import { Logo } from "../../ui/Logo.tsx";
import { PlanBadge } from "../../ui/PlanBadge.tsx";
import { AccountMenu } from "./AccountMenu.tsx";
import { SkipLink } from "./SkipLink.tsx";
import styles from "./shell.module.css";

/** Head and content for signed-in people; `me` is in the cache when it is shown (the route's guard sees to it). */
export function Shell({ children }: { children?: ReactNode }) {
  const { data: me } = useSuspenseQuery(queries.me);
  const upgrade = useUpgrade();
  useFreshSession();
  return (
    <>
      <SkipLink />
      <header className={styles["head"]}>
        <div className={styles["bar"]}>
          <Link to="/home" className={styles["home"]} aria-label="Teach Charlie, home">
            <Logo />
          </Link>
          <div className={styles["tools"]}>
            <span className={styles["workspace"]} title={me.workspace.name}>
              {me.workspace.name}
            </span>
            <PlanBadge plan={me.workspace.plan} onClick={() => upgrade()} />
            <AccountMenu user={me.user} operator={me.operator} workspaceName={me.workspace.name} />
          </div>
        </div>
      </header>
      {!me.user.emailVerified && <ConfirmAddress email={me.user.email} />}
      <PaymentBanner workspaceId={me.workspace.id} />
      <LimitNotices workspaceId={me.workspace.id} />
      <ConsentLine />
      <main id="content" tabIndex={-1} className={styles["content"]}>
        {children ?? <Outlet />}
      </main>
    </>
  );
}
