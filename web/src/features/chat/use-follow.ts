import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const nearPx = 48;
/** What is drawn under an answer just after its end is followed too. */
const afterwardsMs = 1_000;
const page = () => document.scrollingElement ?? document.documentElement;
/** Pixels below the window. */
const gap = () => page().scrollHeight - window.innerHeight - window.scrollY;

/**
 * Keeps the end of the page in view while `active` (an answer is coming), until the reader scrolls up; scrolling back to
 * the end takes it up again. `away` is true while the end of `content` is hidden behind `foot`, which stands at the
 * bottom of the window.
 */
export function useFollow(
  content: RefObject<HTMLElement | null>,
  foot: RefObject<HTMLElement | null>,
  active: boolean,
) {
  const following = useRef(true);
  const [away, setAway] = useState(false);
  const toEnd = useCallback(() => {
    following.current = true;
    window.scrollTo({ top: page().scrollHeight, behavior: "instant" });
  }, []);

  const look = useCallback(() => {
    if (!content.current || !foot.current) return;
    const hidden = content.current.getBoundingClientRect().bottom - foot.current.getBoundingClientRect().top;
    setAway(hidden > 1);
  }, [content, foot]);

  useEffect(() => {
    let before = window.scrollY;
    const onScroll = () => {
      if (gap() < nearPx) following.current = true;
      else if (window.scrollY < before) following.current = false;
      before = window.scrollY;
      look();
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => window.removeEventListener("scroll", onScroll);
  }, [look]);

  const until = useRef(0);
  useLayoutEffect(() => {
    if (!active) return;
    until.current = Infinity;
    return () => {
      until.current = Date.now() + afterwardsMs;
    };
  }, [active]);

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      if (Date.now() < until.current && following.current) toEnd();
      look();
    });
    for (const { current } of [content, foot]) if (current) observer.observe(current);
    return () => observer.disconnect();
  }, [content, foot, toEnd, look]);

  return { away, toEnd };
}
