import { SkeletonCards, SkeletonLines } from "../ui/Skeletons.tsx";

/** In the place of a page that takes longer than a moment. */
export function PagePending() {
  return (
    <>
      <SkeletonLines count={2} height={24} />
      <SkeletonCards />
    </>
  );
}
