/** Being written. */
export function TeachTab() {
  return <h1>TeachTab</h1>;
}
