-- What the operator's pages read: monthly recurring revenue and how it moved, differences from Stripe, and indexes so
-- that no list or search reads a whole table.

-- What a running plan brings in per month, in micro-dollars; 0 where none is paid for. features/billing/mrr.ts
alter table subscriptions add column mrr_micros bigint not null default 0 check (mrr_micros >= 0);
update subscriptions
set mrr_micros = round(coalesce(renewal_cents, 0) * 10000.0 / case billing_interval when 'year' then 12 else 1 end)
where status in ('active', 'past_due');
alter table subscriptions alter column mrr_micros drop default;
create index subscriptions_mrr on subscriptions (plan, billing_interval) include (mrr_micros, status, cancel_at)
  where mrr_micros > 0;
create index subscriptions_past_due on subscriptions (workspace_id) where past_due_since is not null;
create index subscriptions_ending on subscriptions (workspace_id) where cancel_at is not null;

-- Each move of mrr_micros, written with it. `failed` and `recovered` move nothing: the amount waits for a payment, and
-- was paid after all.
create table revenue_changes (
  id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  kind text not null check (kind in ('new', 'expansion', 'contraction', 'churn', 'failed', 'recovered')),
  amount_micros bigint not null check (amount_micros > 0),
  -- Stripe's time, which the local Stripe's clock can turn.
  at timestamptz not null,
  created_at timestamptz not null default now()
);
create index revenue_changes_at on revenue_changes (at) include (kind, amount_micros);
create index revenue_changes_workspace on revenue_changes (workspace_id, at);
insert into revenue_changes (id, workspace_id, kind, amount_micros, at)
select gen_random_uuid(), workspace_id, 'new', mrr_micros, created_at from subscriptions where mrr_micros > 0;

-- One row per comparison with Stripe.
create table reconciliations (
  id uuid primary key,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  recovered int not null default 0,
  checked int not null default 0,
  repaired int not null default 0,
  failed int not null default 0,
  error text
);

-- What a comparison found. What cannot be repaired stays one open row, however often it is found.
create table billing_differences (
  id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  kind text not null check (kind in ('state', 'event')),
  data jsonb not null default '{}',
  error text,
  found_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  repaired_at timestamptz
);
create unique index billing_differences_open on billing_differences (workspace_id) where repaired_at is null;
create index billing_differences_workspace on billing_differences (workspace_id, id desc);

do $$
declare
  name text;
begin
  foreach name in array array['revenue_changes', 'billing_differences'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_workspace on %I to charlie_app using (workspace_id = current_workspace())
                    with check (workspace_id = current_workspace())', name);
    execute format('grant select on %I to charlie_app', name);
  end loop;
end $$;

-- Search by the beginnings of words, in names and in the parts of addresses.
create index users_words on users
  using gin (to_tsvector('simple', name || ' ' || translate(email, '@.-_+', '     ')));
create index workspaces_words on workspaces using gin (to_tsvector('simple', name));

create index billing_events_failed on billing_events (id) where processed_at is null and error is not null;
create index billing_events_type on billing_events (type, id);
create index billing_events_customer on billing_events (stripe_customer_id, id) where stripe_customer_id is not null;
create index audit_log_billing on audit_log (workspace_id, id) where action ~ '^(billing|admin)\.';
