import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { PageHead } from "../../ui/PageHead.tsx";
import styles from "./admin.module.css";

const rooms = [
  { to: "/admin", label: "Revenue", exact: true },
  { to: "/admin/customers", label: "Customers", exact: false },
  { to: "/admin/ai-usage", label: "AI usage", exact: false },
  { to: "/admin/events", label: "Events", exact: false },
  { to: "/admin/differences", label: "Differences", exact: false },
  { to: "/admin/launch", label: "Launch", exact: false },
  { to: "/admin/planning", label: "Planning", exact: false },
] as const;

/** The pages of whoever runs the service. */
export function AdminLayout() {
  const { pathname } = useLocation();
  const row = useRef<HTMLUListElement>(null);
  // On a phone the row of rooms is wider than the page; the open one shall be seen.
  useEffect(() => {
    const open = rooms.findLast(({ to }) => pathname.startsWith(to));
    row.current?.querySelector(`[href="${open?.to}"]`)?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [pathname]);
  return (
    <>
      <PageHead title="Operator" description="Your customers and your money. Only you see these pages." />
      <nav aria-label="Operator" className={styles["tabs"]}>
        <ul ref={row}>
          {rooms.map(({ to, label, exact }) => (
            <li key={to}>
              <Link to={to} activeOptions={{ exact, includeSearch: false }} className={styles["tab"]}>
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </>
  );
}
