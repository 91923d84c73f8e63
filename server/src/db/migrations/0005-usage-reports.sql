-- AI usage on its way to Stripe (money.md, sections 2 to 4).

alter table usage_events
  -- The operator paid for it and the workspace was on a paid plan: its cost is passed on. On Free it is the operator's gift.
  add column passed_on boolean not null default false;
update usage_events e set passed_on = true
from workspaces w where w.id = e.workspace_id and e.payer = 'operator' and w.plan <> 'free' and e.period_start >= w.period_start;
create index usage_events_passed_on on usage_events (workspace_id, created_at) include (cost_micros) where passed_on;

-- The periods that Stripe bills usage for: one of a subscription's metered item.
create table usage_periods (
  workspace_id uuid not null references workspaces on delete cascade,
  stripe_item_id text not null,
  stripe_price_id text not null,
  stripe_subscription_id text not null,
  stripe_customer_id text not null,
  period_start timestamptz not null,
  period_end timestamptz not null,
  -- What Stripe's own summary of the period said when it was last asked.
  accepted_micros bigint not null default 0 check (accepted_micros >= 0),
  -- Set when Stripe's invoice for it is final: what it charges for is what counts, and anything beyond is left to the next.
  settled_at timestamptz,
  invoiced_micros bigint check (invoiced_micros >= 0),
  invoiced_cents bigint,
  stripe_invoice_id text,
  primary key (workspace_id, stripe_item_id, period_start),
  check ((settled_at is null) = (invoiced_micros is null))
);

-- Each absolute total that was, or is about to be, told to Stripe. Committed before the call, so a lost answer or a dead
-- server is made good by sending the same again.
create table usage_reports (
  id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  stripe_item_id text not null,
  period_start timestamptz not null,
  -- The identifier that Stripe knows it by; made of workspace, period, total and time.
  identifier text not null unique,
  micros bigint not null check (micros >= 0),
  -- The time that Stripe is told: inside the period, and later than that of every report before.
  reported_for timestamptz not null,
  created_at timestamptz not null default now(),
  attempted_at timestamptz,
  attempts int not null default 0,
  accepted_at timestamptz,
  -- Why the last attempt failed.
  error text,
  foreign key (workspace_id, stripe_item_id, period_start)
    references usage_periods (workspace_id, stripe_item_id, period_start) on delete cascade,
  unique (workspace_id, stripe_item_id, period_start, reported_for)
);
create index usage_reports_open on usage_reports (workspace_id) where accepted_at is null;

do $$
declare
  name text;
begin
  foreach name in array array['usage_periods', 'usage_reports'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_workspace on %I to charlie_app using (workspace_id = current_workspace())
                    with check (workspace_id = current_workspace())', name);
  end loop;
end $$;
-- Only the reporting job writes them.
grant select on usage_periods, usage_reports to charlie_app;
