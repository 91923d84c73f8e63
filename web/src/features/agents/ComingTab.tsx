/** Being written. */
export function ComingTab({ tab }: { tab: "knowledge" | "canvas" | "share" | "activity" }) {
  return <h1>{tab}</h1>;
}
