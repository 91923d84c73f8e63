/** The first thing Tab reaches: past the head, to the page. */
export function SkipLink() {
  return (
    <a className="skip-link" href="#content">
      Skip to the content
    </a>
  );
}
