import { Autocomplete, Select, Slider, Switch } from "@mantine/core";
import { type BrainChoice, brainChoice } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../../api/index.ts";
import { ErrorState } from "../../../ui/ErrorState.tsx";
import { TextLink } from "../../../ui/LinkButton.tsx";
import { SkeletonLines } from "../../../ui/Skeletons.tsx";
import { brainChoices, lengthChoices } from "./brain-words.ts";
import styles from "./teach.module.css";

/** Where the slider stands when somebody takes the choice over from the brain. */
const usualTemperature = 0.7;

interface BrainSettingsProps {
  brain: BrainChoice;
  onChange: (brain: BrainChoice) => void;
}

/** With which brain he thinks, and how: the technical words are explained where they stand. */
export function BrainSettings({ brain, onChange }: BrainSettingsProps) {
  const { data, error, refetch } = useQuery(queries.brains);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonLines count={4} height={40} />;
  const change = (part: Partial<BrainChoice>) => onChange({ ...brain, ...part });
  const chosen = data.brains.find(({ provider }) => provider === brain.provider);
  const really = brain.provider === "auto" ? data.auto : brain.provider;
  const { temperature } = brain;
  return (
    <div className={styles["settings"]}>
      <Select
        label="Brain"
        description="What he thinks with. Larger brains put things in their own words; each belongs to a company and needs its key."
        data={brainChoices(data.brains, data.auto)}
        value={brain.provider}
        onChange={(value) => {
          const provider = brainChoice.shape.provider.safeParse(value);
          if (provider.success) change({ provider: provider.data, model: null });
        }}
      />
      <p className={styles["hint"]}>
        A key of your own is kept under <TextLink to="/settings/ai-keys">Settings</TextLink>. With it, Charlie charges
        nothing for thinking.
      </p>
      {chosen && chosen.provider !== "offline" && (
        <Autocomplete
          label="Model"
          description="One version of a brain. Larger models think better, are slower and cost more."
          placeholder={chosen.defaultModel ? `Leave it empty for ${chosen.defaultModel}` : "The model’s name"}
          data={chosen.models}
          value={brain.model ?? ""}
          maxLength={200}
          onChange={(model) => change({ model: model.trim() === "" ? null : model.trim() })}
        />
      )}
      {really === "offline" ? (
        <p className={styles["hint"]}>
          The offline brain answers with your own sentences, so there is nothing more to set.
        </p>
      ) : (
        <>
          <div className={styles["temperature"]}>
            <Switch
              label="Decide how freely he speaks"
              description="Technically this is the temperature: how often he takes an unexpected word."
              checked={temperature !== null}
              onChange={(event) => change({ temperature: event.currentTarget.checked ? usualTemperature : null })}
            />
            {temperature !== null && (
              <Slider
                thumbLabel="How freely he speaks"
                min={0}
                max={2}
                step={0.1}
                value={temperature}
                onChange={(value) => change({ temperature: value })}
                label={(value) => value.toFixed(1)}
                marks={[
                  { value: 0, label: "exact" },
                  { value: 1, label: "lively" },
                  { value: 2, label: "wild" },
                ]}
              />
            )}
          </div>
          <Select
            label="Longest answer"
            description="Brains count in tokens, which are pieces of words: 100 tokens are about 75 words. What is longer is cut off."
            data={lengthChoices(brain.maxOutputTokens)}
            value={brain.maxOutputTokens === null ? "" : String(brain.maxOutputTokens)}
            onChange={(value) => change({ maxOutputTokens: value ? Number(value) : null })}
          />
        </>
      )}
    </div>
  );
}
