/** What the rest of the server tells about itself where somebody measures; it knows nothing of OpenTelemetry. */

/** A request that is being answered. */
export interface RunningRequest {
  /** The route's pattern. */
  route: string;
  method: string;
  /** The kind of route, of a few. */
  routeClass: string;
}

export interface AnswerEnd {
  outcome: "complete" | "stopped" | "given_back";
  payer: string;
  provider: string;
  costMicros: number;
}

export interface Telemetry {
  /** Goes on with `next` as part of a trace of its own. The result is called when the request has ended. */
  request(this: void, about: RunningRequest, next: () => void): (status: number, seconds: number) => void;
  /** An answer ended. */
  answer(this: void, end: AnswerEnd): void;
  /** An error was logged; with the name of the job where it happened in one. */
  error(this: void, job: string | undefined): void;
}

/** A number about the whole service, not about one of its processes. */
export interface Gauge {
  name: string;
  unit: string;
  description: string;
  /** `null` where it is not known. */
  value: number | null;
}
