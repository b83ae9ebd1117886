// The policies that come with cdp: one for each contract label, as Adobe defines the label. As at Adobe, none holds until a project
// enables it (`governance: { enable: [core.no-third-party-export] }`).
import type { LabelExpression, MarketingAction, Policy } from './governance.js'

const policy = (name: string, deny: LabelExpression, marketingActions: readonly MarketingAction[] | 'every activation', description: string): Policy => ({
  name: `core.${name}`, description, ...(marketingActions === 'every activation' ? {} : { marketingActions }), deny, enabled: false,
})

export const corePolicies: readonly Policy[] = [
  // An audience is always a list of individuals, never an aggregate.
  policy('aggregated-export-only', 'C1', 'every activation', 'Data leaves in aggregated form only, without identifiers of individuals or devices.'),
  policy('no-third-party-export', 'C2', ['exportToThirdParty'], 'Data is not exported to a third party.'),
  policy('not-with-directly-identifiable', 'C3', ['combineWithPii'], 'Data is not combined with directly identifiable information.'),
  // C4 encompasses C5, C6 and C7; an e-mail is targeted content, too.
  policy('no-targeting', 'C4', ['crossSiteTargeting', 'onsiteAds', 'onsitePersonalization', 'emailTargeting'], 'Data is not used for targeting any ads or content.'),
  policy('no-cross-site-targeting', 'C5', ['crossSiteTargeting'], 'Data is not used for interest-based, cross-site targeting of content or ads.'),
  policy('no-onsite-ads', 'C6', ['onsiteAds'], 'Data is not used for on-site ad targeting.'),
  policy('no-onsite-personalization', 'C7', ['onsitePersonalization'], 'Data is not used for on-site targeting of content.'),
  policy('no-analytics', 'C8', ['analytics'], 'Data is not used for measuring our sites or apps.'),
  policy('no-data-science', 'C9', ['dataScience'], 'Data is not used in data science workflows.'),
  policy('no-stitched-activation', 'C10', ['singleIdentityPersonalization'], 'Data is not used for stitched identity activation.'),
  policy('no-segment-match', 'C11', ['segmentMatch'], 'Data is not shared with Segment Match partners.'),
  policy('no-export', 'C12', 'every activation', 'Data is not exported in any way.'),
]
