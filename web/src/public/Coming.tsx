import { Badge } from "@mantine/core";

/** Marks what is sold as coming because it is not built yet. */
export function Coming() {
  return (
    <Badge variant="default" size="md" fw={600} tt="none" component="span">
      coming
    </Badge>
  );
}
