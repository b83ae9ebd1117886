-- The people of the example, counted without any of cdpkit's code: plain SQL over the very files.
-- One person per e-mail (whatever its case and spaces); those without e-mail one per record. A browser (ECID) belongs to the
-- e-mail that it filled in a form with; else it is a person of its own.

create view contact as select *, nullif(lower(trim(email)), '') as mail from read_csv(getvariable('data') || '/people/contacts.csv', all_varchar = true, header = true);
create view lead as select *, nullif(lower(trim(email)), '') as mail from read_json(getvariable('data') || '/people/leads.jsonl', format = 'newline_delimited',
  columns = {id: 'varchar', email: 'varchar', department: 'varchar', seniority: 'varchar', unsubscribed: 'boolean', updatedAt: 'varchar'});
create view company as select account as name, employees::int as employees from read_csv(getvariable('data') || '/crm/accounts.csv', all_varchar = true, header = true);
create view price as select product, sales_price::double as price from read_csv(getvariable('data') || '/crm/products.csv', all_varchar = true, header = true);
create view deal as select opportunity_id as id, account, deal_stage as stage, deal_stage in ('Won', 'Lost') as closed, p.price
  from read_csv(getvariable('data') || '/crm/sales_pipeline.csv', all_varchar = true, header = true) d left join price p on p.product = replace(d.product, 'GTXPro', 'GTX Pro');
create view role as select * from read_csv(getvariable('data') || '/people/opportunity_roles.csv', all_varchar = true, header = true);
create view web as select * from read_json(getvariable('data') || '/web/events-*.jsonl', format = 'newline_delimited',
  columns = {id: 'varchar', "at": 'timestamp', type: 'varchar', email: 'varchar', ecid: 'varchar', page: 'varchar'});

-- Every record with the person that it belongs to; `changed` decides which value holds.
create view record as
  select coalesce(mail, contact_id || '@crm.CRM') as who, contact_id, account, department, seniority, do_not_email = 'true' as blocked, null::boolean as unsubscribed, updated_at as changed from contact
  union all select coalesce(mail, id || '@marketing.Marketing'), null, null, department, seniority, null, unsubscribed, updatedAt from lead;
create view person as select who, arg_max(department, changed) as department, arg_max(seniority, changed) as seniority,
  coalesce(arg_max(blocked, changed) filter (where blocked is not null), false) as blocked, coalesce(arg_max(unsubscribed, changed) filter (where unsubscribed is not null), false) as unsubscribed
  from record group by who;

create view browser as select ecid, min(lower(email)) as mail from web where ecid is not null and email is not null group by ecid;
create view visit as select coalesce(lower(w.email), b.mail, w.ecid) as who, w."at", w.type, w.page from web w left join browser b on b.ecid = w.ecid;
