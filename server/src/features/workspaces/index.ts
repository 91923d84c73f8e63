export { audit } from "./audit.ts";
export { ensureWorkspace, ensureWorkspaceIn, type Membership } from "./ensure-workspace.ts";
export { recipientOf } from "./recipient-of.ts";
export { workspacesRoutes } from "./routes.ts";
