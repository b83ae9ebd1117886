-- One query per segment, `who` for each member. Variables: now, enterprise_employees, big_pipeline, pricing_views.

-- name: marketing-leaders
select who from person where department = 'Marketing' and seniority in ('C-Level', 'VP', 'Director') and not blocked and not unsubscribed;

-- name: pricing-page-visitors
select who from visit where type = 'web.webpagedetails.pageViews' and page = 'pricing' and "at" > getvariable('now')::timestamp - interval 30 day
  group by who having count(*) >= getvariable('pricing_views');

-- name: Enterprise open deals
select distinct r.who from record r join company c on c.name = r.account where c.employees >= getvariable('enterprise_employees')
  and exists (select 1 from deal d where d.account = c.name and not d.closed);

-- name: open-deal-decision-makers
select distinct r.who from record r join role o on o.contact_id = r.contact_id join deal d on d.id = o.opportunity_id where o.role = 'Decision Maker' and not d.closed;

-- name: big-pipeline-accounts
select account as who from deal where not closed and account in (select name from company) group by account having sum(price) >= getvariable('big_pipeline');

-- name: hot-buying-groups
select who from (select distinct r.who from record r join company c on c.name = r.account where c.employees >= getvariable('enterprise_employees')
    and exists (select 1 from deal d where d.account = c.name and not d.closed))
  where who in (select who from visit where type = 'web.webpagedetails.pageViews' and page = 'pricing' and "at" > getvariable('now')::timestamp - interval 30 day
    group by who having count(*) >= getvariable('pricing_views'));

-- name: quiet-customers
select distinct r.who from record r join role o on o.contact_id = r.contact_id join deal d on d.id = o.opportunity_id where d.stage = 'Won'
  and r.who not in (select who from visit where "at" > getvariable('now')::timestamp - interval 60 day);
