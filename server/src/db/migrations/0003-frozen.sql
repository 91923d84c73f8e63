-- What is beyond the plan's limits is frozen: readable, deletable, not chatting. An agent in a frozen project is frozen.
-- picked_at remembers which ones the owner chose to keep live; they stand before those that were used last.

alter table projects add column frozen_at timestamptz, add column picked_at timestamptz;
alter table agents add column frozen_at timestamptz, add column picked_at timestamptz;
