import { planIds, planOf, type FeatureId } from "@charlie/contract";
import type { Accessory } from "../../charlie/accessory-for.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";

interface Words {
  accessory: Accessory;
  title: string;
  text: string;
  /** What of the plan catalogue it belongs to. */
  feature?: FeatureId;
}

const comingTabs = {
  knowledge: {
    accessory: "book",
    title: "Knowledge is coming",
    text: "Here you will give him whole documents and web pages to read. Until then, put what he should know under Teach.",
  },
  canvas: {
    accessory: "hardHat",
    title: "The canvas is coming",
    text: "Here you will see how he thinks, step by step, and change it.",
    feature: "canvasEdit",
  },
  share: {
    accessory: "megaphone",
    title: "Sharing is coming",
    text: "Here you will get a link for others, and a few lines that put him onto your website.",
    feature: "exportAndEmbed",
  },
  activity: {
    accessory: "calendar",
    title: "Activity is coming",
    text: "Here you will see what people asked him, and which answers they liked. Your own conversations are in the playground.",
  },
} as const satisfies Record<string, Words>;

/** A tab that is not built yet, and says so. */
export function ComingTab({ tab }: { tab: keyof typeof comingTabs }) {
  const { accessory, title, text, feature }: Words = comingTabs[tab];
  const plans = planIds.map(planOf).filter(({ features }) => feature && features[feature] !== "no");
  return (
    <EmptyState title={title} accessory={accessory} mood="asleep">
      {text}
      {plans.length > 0 &&
        plans.length < planIds.length &&
        ` It will be part of ${plans.map(({ name }) => name).join(" and ")}.`}
    </EmptyState>
  );
}
