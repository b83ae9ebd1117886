// Conformance segments written by hand in JavaScript, as an engineer who knows the model would write them: the same answers on every
// profile, also where something is missing or null. What depends on the clock alone is computed once per pass.

interface Person {
  readonly email?: string | null
  readonly title?: string | null
  readonly seniority?: string
  readonly department?: string
  readonly country?: string
  readonly leadScore?: number | null
  readonly scores: { readonly fit?: number; readonly engagement?: number }
  readonly isCustomer?: boolean
  readonly createdDate: string
  readonly birthDate?: string
  readonly tags?: readonly string[]
}

interface Account {
  readonly accountKey: string
  readonly industry?: string | null
  readonly country?: string
  readonly annualRevenue?: number | null
  readonly employees?: number
  readonly tier?: string | null
  readonly isTarget?: boolean
}

interface Opportunity {
  readonly opportunityKey: string
  readonly stage: string
  readonly isClosed: boolean
  readonly isWon: boolean
  readonly amount?: number | null
  readonly probability?: number
  readonly createdDate: string
  readonly closeDate?: string
  readonly nextStep?: string
}

interface ProfileEvent {
  readonly eventType: string
  readonly timestamp: string
  readonly web?: { readonly url?: string; readonly durationSec?: number }
}

/** The documents of the conformance set (its model.json); an empty relation may be absent. */
export interface Profile {
  readonly id: string
  readonly person: Person
  readonly accounts?: readonly Account[]
  readonly opportunities?: readonly Opportunity[]
  readonly opportunityRoles?: readonly { readonly opportunityKey: string; readonly role: string }[]
  readonly campaignMemberships?: readonly { readonly campaignType: string; readonly campaignName: string; readonly status: string; readonly hasResponded: boolean; readonly firstRespondedDate?: string }[]
  readonly listMemberships?: readonly { readonly listName: string; readonly isDeleted?: boolean }[]
  readonly events?: readonly ProfileEvent[]
}

export type Predicate = (profile: Profile) => boolean

const dayMs = 86_400_000
const none: readonly never[] = []

const seniorLevels = ['C-Level', 'VP', 'Director']
const dachAndUk = ['DE', 'AT', 'CH', 'GB']
const freeMail = ['gmail.com', 'example.com']
const visits = ['product.login', 'web.pageView']
const lateStages = ['Proposal', 'Negotiation', 'Closed Won']
const deciders = ['Decision Maker', 'Champion']
const webinarOrSummit = /webinar|summit/i

/** By the segment's id: the instant of the pass → the test of one profile. */
export const handWritten: Readonly<Record<string, (nowMs: number) => Predicate>> = {
  seg001: () => ({ person: { seniority, department, country } }) =>
    seniority !== undefined && seniorLevels.includes(seniority) && department === 'Marketing' && country !== undefined && dachAndUk.includes(country),
  seg004: () => ({ person: { email } }) => typeof email === 'string' && !freeMail.includes(email.slice(email.indexOf('@') + 1).toLowerCase()),
  seg006: () => ({ person: { title } }) => (title ?? '').toLowerCase().includes('manager'),
  seg007: () => ({ person }) => person.isCustomer === false,
  seg010: () => ({ person }) => person.tags?.includes('newsletter') === true,
  seg012: () => ({ person: { scores: { fit, engagement } } }) => fit !== undefined && engagement !== undefined && (fit * 100 + engagement) / 2 > 60,
  seg015: (nowMs) => ({ person: { birthDate } }) => birthDate !== undefined && Math.floor((nowMs - Date.parse(birthDate)) / 31_557_600_000) >= 50,
  seg016: (nowMs) => {
    const since = nowMs - 365 * dayMs
    return ({ person: { createdDate, tags } }) => tags?.length === 0 && Date.parse(createdDate) > since
  },
  seg021: (nowMs) => {
    const since = nowMs - 30 * dayMs
    return ({ events = none }) => events.filter((each) => each.eventType === 'web.pageView' && each.web?.url?.includes('/pricing') === true && Date.parse(each.timestamp) >= since).length >= 2
  },
  seg022: (nowMs) => {
    const since = new Date(nowMs - 14 * dayMs).toISOString()
    return ({ events = none }) => events.some((each) => each.eventType === 'email.click' && each.timestamp >= since)
  },
  seg023: (nowMs) => {
    const since = nowMs - 60 * dayMs
    return ({ events = none }) => !events.some((each) => Date.parse(each.timestamp) > since)
  },
  seg024: () => ({ events = none }) => events.filter((each) => each.eventType === 'email.sent').length >= 3 && !events.some((each) => each.eventType === 'email.open'),
  seg025: () => ({ events = none }) =>
    events.some((open) => {
      if (open.eventType !== 'email.open') return false
      const openedMs = Date.parse(open.timestamp)
      return events.some((view) => {
        if (view.eventType !== 'web.pageView') return false
        const viewedMs = Date.parse(view.timestamp)
        return viewedMs > openedMs && viewedMs <= openedMs + 7 * dayMs
      })
    }),
  seg026: () => ({ events = none }) => {
    let seconds = 0
    for (const { eventType, timestamp, web } of events) if (eventType === 'web.pageView' && timestamp >= '2025-04-01T00:00:00.000Z') seconds += web?.durationSec ?? 0
    return seconds > 1200
  },
  seg029: () => ({ events = none }) => {
    let latest: ProfileEvent | undefined
    for (const each of events) if (latest === undefined || each.timestamp > latest.timestamp) latest = each
    return latest !== undefined && visits.includes(latest.eventType)
  },
  seg031: () => ({ events = none }) => {
    const urls = new Set<string>()
    for (const { eventType, web } of events) if (eventType === 'web.pageView' && web?.url !== undefined) urls.add(web.url)
    return urls.size >= 5
  },
  seg032: (nowMs) => {
    const since = nowMs - 90 * dayMs
    return ({ events = none }) => {
      const days = new Set<string>()
      for (const { timestamp } of events) if (Date.parse(timestamp) > since) days.add(timestamp.slice(0, 10))
      return days.size >= 5
    }
  },
  seg033: (nowMs) => {
    const since = nowMs - 60 * dayMs
    return ({ events = none }) =>
      events.some(({ eventType, timestamp }) => {
        if (eventType !== 'web.pageView') return false
        const ms = Date.parse(timestamp)
        return ms > since && new Date(ms).getUTCDay() % 6 === 0
      })
  },
  seg034: () => ({ events = none }) => {
    const sent = events.filter((each) => each.eventType === 'email.sent').length
    const opened = events.filter((each) => each.eventType === 'email.open').length
    return sent > 0 && opened / sent >= 0.5
  },
  seg037: () => ({ accounts = none }) => accounts.some((each) => each.industry === 'Software'),
  seg039: () => ({ accounts = none }) => accounts.some((each) => (each.annualRevenue ?? 0) > 50_000_000),
  seg040: () => ({ accounts = none }) => accounts.length > 1 && new Set(accounts.flatMap((each) => each.country ?? [])).size === 1,
  seg042: () => ({ accounts = none }) => accounts.some(({ employees, isTarget }) => (employees !== undefined && employees >= 1000 && employees < 5000) || isTarget === true),
  seg046: () => ({ person: { country }, accounts = none }) => country !== undefined && accounts.some((each) => each.country === country),
  seg048: () => ({ opportunities = none }) => {
    let weighted: number | undefined
    for (const { isClosed, amount, probability } of opportunities) {
      if (!isClosed && typeof amount === 'number' && probability !== undefined) weighted = (weighted ?? 0) + (amount * probability) / 100
    }
    return weighted !== undefined && weighted < 30_000
  },
  seg049: (nowMs) => {
    const until = nowMs + 120 * dayMs
    return ({ opportunities = none }) =>
      opportunities.some(({ isClosed, nextStep, closeDate }) => {
        if (isClosed || !nextStep || closeDate === undefined) return false
        const closesMs = Date.parse(closeDate)
        return closesMs > nowMs && closesMs <= until
      })
  },
  seg051: () => ({ opportunityRoles = none, opportunities = none }) =>
    opportunityRoles.some(({ role, opportunityKey }) => deciders.includes(role) && opportunities.some((each) => each.opportunityKey === opportunityKey && !each.isClosed)),
  seg052: () => ({ opportunities = none }) => {
    let newest: Opportunity | undefined
    for (const each of opportunities) if (newest === undefined || each.createdDate > newest.createdDate) newest = each
    return newest !== undefined && lateStages.includes(newest.stage)
  },
  seg053: () => ({ opportunities = none }) => opportunities.filter((each) => each.isWon).length / opportunities.length > 1 / 3,
  seg056: () => ({ campaignMemberships = none, opportunities = none }) => opportunities.length === 0 && campaignMemberships.some((each) => each.campaignType === 'Webinar' && each.status === 'Attended'),
  seg058: () => ({ listMemberships = none }) =>
    listMemberships.some((each) => each.listName === 'Newsletter EU' && each.isDeleted !== true) && !listMemberships.some((each) => each.listName === 'Do not call'),
  seg059: (nowMs) => {
    const since = nowMs - 120 * dayMs
    return ({ campaignMemberships = none }) => campaignMemberships.some((each) => each.hasResponded && each.firstRespondedDate !== undefined && Date.parse(each.firstRespondedDate) > since)
  },
  seg060: () => ({ person: { leadScore }, accounts = none, campaignMemberships = none }) =>
    campaignMemberships.some((each) => webinarOrSummit.test(each.campaignName)) && (accounts.length === 0 ? (leadScore ?? 0) > 50 : accounts.some((each) => each.tier === 'A')),
}
