import assert from 'node:assert/strict'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../kernel/clock.js'
import { isCdpError } from '../kernel/error.js'
import { silentLog } from '../kernel/log.js'
import { openHost } from './host.js'
import { findForbidden, findReach } from './reach.js'

describe('reach of connectors', () => {
  const kinds: readonly (readonly [address: string, kind: ReturnType<typeof findReach>])[] = [
    ['127.0.0.1', 'loopback'], ['127.255.1.2', 'loopback'], ['0.0.0.0', 'loopback'], ['[::1]', 'loopback'], ['::', 'loopback'], ['::ffff:127.0.0.1', 'loopback'], ['[::ffff:7f00:1]', 'loopback'], ['64:ff9b::7f00:1', 'loopback'],
    ['169.254.169.254', 'link-local'], ['::ffff:169.254.169.254', 'link-local'], ['fe80::1%eth0', 'link-local'], ['[fe80::1]', 'link-local'], ['febf::1', 'link-local'], ['fd00:ec2::254', 'link-local'], ['64:ff9b::a9fe:a9fe', 'link-local'],
    ['10.0.0.1', undefined], ['192.168.1.1', undefined], ['8.8.8.8', undefined], ['2001:db8::1', undefined], ['::ffff:8.8.8.8', undefined], ['fec0::1', undefined], ['64:ff9b::808:808', undefined], ['example.com', undefined],
  ]
  for (const [address, kind] of kinds) it(`knows ${address} as ${kind ?? 'open to all'}`, () => { assert.equal(findReach(address), kind) })

  it('lets through what is allowed, and nothing besides', () => {
    assert.deepEqual([findForbidden('127.0.0.1', ['loopback']), findForbidden('169.254.169.254', ['loopback'])], [undefined, 'link-local'])
  })

  describe('by HTTP', () => {
    let server: Server
    let port = 0
    let asked = 0
    before(async () => {
      server = createServer((request, response) => { asked++; response.writeHead(request.url === '/away' ? 302 : 200, { location: 'http://169.254.169.254/latest/meta-data' }).end('inside') })
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      port = (server.address() as AddressInfo).port
    })
    after(() => { server.close() })

    const ask = async (url: string, allow: readonly ['loopback'] | readonly []): Promise<string> => {
      const host = openHost({ clock: systemClock, log: silentLog, random: () => 0.5, signal: new AbortController().signal, version: 'test', allow })
      try {
        const { status } = await host.http([]).request({ method: 'GET', url })
        return String(status)
      } catch (error) {
        return isCdpError(error) ? error.code : String(error)
      } finally {
        await host.close()
      }
    }

    it('refuses every way of writing the machine itself, and names that lead there, before anything is sent', async () => {
      for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '0', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '169.254.169.254']) {
        assert.equal(await ask(`http://${host}:${String(port)}/`, []), 'http/address-not-allowed', host)
        assert.equal(await ask(`https://${host}:${String(port)}/`, []), 'http/address-not-allowed', host)
      }
      assert.equal(asked, 0)
    })

    it('follows no redirect, and reaches what is allowed by address and by name', async () => {
      assert.deepEqual([await ask(`http://127.0.0.1:${String(port)}/away`, ['loopback']), await ask(`http://localhost:${String(port)}/`, ['loopback'])], ['302', '200'])
      assert.equal(await ask('http://169.254.169.254/', ['loopback']), 'http/address-not-allowed')
    })
  })
})
