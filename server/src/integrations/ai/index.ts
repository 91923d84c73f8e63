export { makeGuardedFetch } from "./guarded-fetch.ts";
export { listModels, type ModelListing } from "./list-models.ts";
export { connectModel, homeOf, type Connection } from "./providers.ts";
