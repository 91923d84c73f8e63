import { UnstyledButton } from "@mantine/core";
import { coatNames } from "../../../charlie/coats.ts";
import { Charlie } from "../../../charlie/Charlie.tsx";
import { type StartingPoint, startingPoints } from "../starting-points/index.ts";
import styles from "./wizard.module.css";

interface StartingPointsProps {
  chosen: string | null;
  onChoose: (point: StartingPoint) => void;
}

/** Ready-made answers as cards; a press puts all three into the form. */
export function StartingPoints({ chosen, onChoose }: StartingPointsProps) {
  return (
    <ul className={styles["points"]} aria-label="Ready-made starting points">
      {startingPoints.map((point, index) => (
        <li key={point.id}>
          <UnstyledButton
            className={styles["point"]}
            aria-pressed={point.id === chosen}
            onClick={() => onChoose(point)}
          >
            <Charlie
              pose="portrait"
              size={52}
              coat={coatNames[index % coatNames.length] ?? "golden"}
              accessory={point.accessory}
            />
            <span className={styles["pointWords"]}>
              <strong>{point.title}</strong>
              <span>{point.pitch}</span>
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
