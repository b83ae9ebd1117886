import assert from 'node:assert/strict'
import { renderParameters, renderSql } from './sql.js'

describe('renderSql', () => {
  it('puts clauses on lines of their own and indents queries inside queries', () => {
    const sql = `with "g0" as (select "r0".owner, bit_or(case when ("r0"."employees" >= $1::double and x) then $2 else 0 end) as "w0" from (select l.owner as owner from (select 1) l join account b on b._id = l.item) "r0" group by "r0".owner), "g1" as (select 1)
      select p._id as id, ("g0"."w0" & $3) <> 0 from "person" p left join "g0" on "g0".owner = p._id where a in (1, 2) and count(*) filter (where "a, (b") > 0`
    assert.deepEqual(renderSql(sql), [
      'with "g0" as (',
      '  select',
      '    "r0".owner,',
      '    bit_or(case when ("r0"."employees" >= $1::double and x) then $2 else 0 end) as "w0"',
      '  from (',
      '    select',
      '      l.owner as owner',
      '    from (',
      '      select',
      '        1',
      '    ) l',
      '    join account b on b._id = l.item',
      '  ) "r0"',
      '  group by "r0".owner',
      '),',
      '"g1" as (',
      '  select',
      '    1',
      ')',
      'select',
      '  p._id as id,',
      '  ("g0"."w0" & $3) <> 0',
      'from "person" p',
      'left join "g0" on "g0".owner = p._id',
      'where a in (1, 2)',
      '  and count(*) filter (where "a, (b") > 0',
    ])
  })

  it('keeps every token: without white space nothing differs', () => {
    const sql = `select 'it''s (x, y)' || "A ""b""", a::varchar[], interval '1 day', -1.5e3 from t where not coalesce(a, false) or b = any(c)`
    assert.equal(renderSql(sql).join('').replaceAll(/\s/g, ''), sql.replaceAll(/\s/g, ''))
  })

  it('keeps numbers whole', () => {
    assert.deepEqual(renderSql('select x * 1e-10'), ['select', '  x * 1e-10'])
  })

  it('lists parameters by their number', () => {
    assert.deepEqual(renderParameters([5, 4n, 'a"b', ['x'], null]), ['$1 = 5', '$2 = 4', '$3 = "a\\"b"', '$4 = ["x"]', '$5 = null'])
  })
})
