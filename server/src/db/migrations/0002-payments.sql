-- How often a plan is charged, and the payment that is open while it is past due.

alter table subscriptions
  add column billing_interval text not null default 'month' check (billing_interval in ('month', 'year')),
  -- The oldest invoice that failed and is still open: what is due in cents, and Stripe's page where it can be paid.
  add column open_cents int,
  add column open_invoice_url text;
alter table subscriptions alter column billing_interval drop default;
