-- outside a transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- What read a whole table to find a few rows finds them by an index: the pages of customers, the hourly jobs, mails that
-- somebody asked for, and what is deleted each night (Better Auth looks for what has run out at every reset, too).
drop index concurrently if exists workspaces_customers;
create index concurrently workspaces_customers on workspaces (id) where stripe_customer_id is not null;
drop index concurrently if exists subscriptions_running;
create index concurrently subscriptions_running on subscriptions (workspace_id)
  where status in ('active', 'trialing', 'past_due');
drop index concurrently if exists usage_periods_open;
create index concurrently usage_periods_open on usage_periods (workspace_id) where settled_at is null;
drop index concurrently if exists mails_asked;
create index concurrently mails_asked on mails (recipient, created_at) where dedupe_key ~ '^(reset|confirm):';
drop index concurrently if exists sessions_expires;
create index concurrently sessions_expires on sessions (expires_at);
drop index concurrently if exists verifications_expires;
create index concurrently verifications_expires on verifications (expires_at);
drop index concurrently if exists clerk_ended_sessions_ended;
create index concurrently clerk_ended_sessions_ended on clerk_ended_sessions (ended_at);
drop index concurrently if exists operations_ended;
create index concurrently operations_ended on operations (ended_at);
