// The activity types of every instance: id, name, what the primary attribute is, the other attributes, and how many days they are kept.
export interface ActivityTypeSpec {
  readonly id: number
  readonly name: string
  readonly primary: string
  readonly attributes: readonly string[]
  readonly keptDays: number
}

const months25 = 760
const type = (id: number, name: string, primary: string, keptDays: number, ...attributes: readonly string[]): ActivityTypeSpec => ({ id, name, primary, attributes, keptDays })

export const activityTypes: readonly ActivityTypeSpec[] = [
  type(1, 'Visit Webpage', 'Webpage ID', 90, 'Client IP Address', 'Query Parameters', 'Referrer URL', 'User Agent', 'Webpage URL'),
  type(2, 'Fill Out Form', 'Webform ID', months25, 'Client IP Address', 'Form Fields', 'Query Parameters', 'Referrer URL', 'User Agent', 'Webpage ID'),
  type(3, 'Click Link', 'Link ID', 90, 'Client IP Address', 'Query Parameters', 'Referrer URL', 'User Agent', 'Webpage ID'),
  type(6, 'Send Email', 'Mailing ID', 90, 'Campaign Run ID', 'Choice Number', 'Step ID'),
  type(7, 'Email Delivered', 'Mailing ID', 90, 'Campaign Run ID', 'Choice Number', 'Step ID'),
  type(8, 'Email Bounced', 'Mailing ID', months25, 'Category', 'Details', 'Email', 'Subcategory'),
  type(9, 'Unsubscribe Email', 'Mailing ID', months25, 'Client IP Address', 'Form Fields', 'Referrer URL', 'User Agent', 'Webform ID'),
  type(10, 'Open Email', 'Mailing ID', months25, 'Device', 'Is Mobile Device', 'Platform', 'User Agent'),
  type(11, 'Click Email', 'Mailing ID', months25, 'Device', 'Is Mobile Device', 'Link', 'Link ID', 'Platform', 'User Agent'),
  type(12, 'New Lead', 'Lead ID', 36_500, 'Created Date', 'Form Name', 'Lead Source', 'List Name', 'Source Type'),
  type(13, 'Change Data Value', 'Attribute Name', 90, 'New Value', 'Old Value', 'Reason', 'Source'),
  type(21, 'Convert Lead', 'Lead ID', months25, 'Account ID', 'Assign To', 'Contact ID', 'Credit To', 'Opportunity ID'),
  type(22, 'Change Score', 'Score Name', 90, 'Change Value', 'New Value', 'Old Value', 'Reason', 'Urgency'),
  type(24, 'Add to List', 'List ID', 90, 'Source'),
  type(25, 'Remove from List', 'List ID', months25, 'Source'),
  type(27, 'Email Bounced Soft', 'Mailing ID', months25, 'Category', 'Details', 'Email', 'Subcategory'),
  type(32, 'Merge Leads', 'Lead ID', months25, 'Merge IDs', 'Master Updated', 'Merged in Sales', 'Merge Source'),
  type(34, 'Add to Opportunity', 'Opty ID', months25, 'Role', 'Is Primary', 'External Opportunity Id'),
  type(35, 'Remove from Opportunity', 'Opty ID', months25, 'Role', 'Is Primary', 'External Opportunity Id'),
  type(36, 'Update Opportunity', 'Opty ID', 90, 'Attribute Name', 'New Value', 'Old Value', 'External Opportunity Id'),
  type(37, 'Delete Lead', 'Lead ID', 14, 'Remove from CRM'),
  type(46, 'Interesting Moment', 'Milestone ID', months25, 'Date', 'Description', 'Source'),
  type(101, 'Change Revenue Stage', 'Model ID', months25, 'New Stage', 'Old Stage', 'Reason'),
  type(104, 'Change Status in Progression', 'Program ID', months25, 'New Status', 'Old Status', 'Success', 'Program Member ID', 'Reason'),
  type(110, 'Call Webhook', 'Webhook ID', 90, 'Error Type', 'Response'),
  type(113, 'Add to Nurture', 'Program ID', months25, 'Track'),
  type(114, 'Change Nurture Track', 'Program ID', months25, 'New Track', 'Previous Track'),
  type(115, 'Change Nurture Cadence', 'Program ID', months25, 'New Nurture Cadence', 'Previous Nurture Cadence'),
]
