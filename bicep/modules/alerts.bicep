metadata description = 'The alerts. Each is a query of bicep/monitoring, as operators have it, with the settings of this deployment and a limit.'

@description('What the names of the rules begin with.')
param name string

@description('Where they are: where the component is.')
param location string

@description('The tags of every rule.')
param tags object

@description('The Application Insights component whose telemetry is looked at.')
param applicationInsightsId string

@description('Who is told.')
param actionGroupId string

@description('BUSINESS_TIME_ZONE of the app.')
param businessTimeZone string

@description('TENANT_ID of the app: those that must have a day every night.')
param tenants string

@description('TARGET_DATE_OFFSET of the app.')
param targetDateOffset string

@description('YOUTUBE_DAILY_QUOTA of the app.')
param dailyQuota string

@description('The time of the business zone by which the day must be sealed, as a timespan of Kusto.')
param sealedBy string = '3h'

@description('The seconds that a tenant\'s export may take.')
@minValue(1)
param slowAfterSeconds int = 600

@description('The percentage of messages that may be kept out.')
@minValue(0)
@maxValue(100)
param quarantinePercent int = 1

@description('The percentage of the YouTube quota that may be used.')
@minValue(0)
@maxValue(100)
param quotaPercent int = 80

// The parameters of a query are its first lines, as let statements: they are set by writing other lines in their places.
var daysNotSealed = loadTextContent('../monitoring/days-not-sealed.kql')
var inZone = replace(daysNotSealed, 'let businessTimeZone = \'Asia/Tokyo\';', 'let businessTimeZone = \'${businessTimeZone}\';')
var byDeadline = replace(inZone, 'let deadline = 3h;', 'let deadline = ${sealedBy};')
var ofDate = replace(byDeadline, 'let dateOffset = -1;', 'let dateOffset = ${targetDateOffset};')
var ofTenants = replace(ofDate, 'let tenants = \'*\';', 'let tenants = \'${tenants}\';')
var ofQuota = replace(loadTextContent('../monitoring/youtube-quota.kql'), 'let dailyQuota = 10000;', 'let dailyQuota = ${dailyQuota};')

var rules = [
  {
    name: 'run-not-completed'
    displayName: 'Daily batch: a run did not complete'
    description: 'A run ended partial or failed: a tenant failed in it, and was not made good since. See docs/operations.md, "Alerts".'
    severity: 1
    evaluationFrequency: 'PT15M'
    windowSize: 'P1D'
    dimensions: [
      'tenant'
      'run'
    ]
    query: loadTextContent('../monitoring/runs-not-completed.kql')
  }
  {
    name: 'run-not-begun'
    displayName: 'Daily batch: a run could not begin'
    description: 'A run failed before it came to any tenant. See docs/operations.md, "Alerts".'
    severity: 1
    evaluationFrequency: 'PT15M'
    windowSize: 'P1D'
    dimensions: [
      'run'
    ]
    query: loadTextContent('../monitoring/runs-not-begun.kql')
  }
  {
    name: 'day-not-sealed'
    displayName: 'Daily batch: a day is not sealed'
    description: 'The night is over, and a tenant has no sealed day. Rings also when the app does not run at all. See docs/operations.md, "Alerts".'
    severity: 1
    evaluationFrequency: 'PT15M'
    windowSize: 'P2D'
    dimensions: [
      'tenant'
      'run'
    ]
    query: ofTenants
  }
  {
    name: 'export-slow'
    displayName: 'Daily batch: an export is slow'
    description: 'The export of a tenant took longer than it may. See docs/operations.md, "Alerts".'
    severity: 2
    evaluationFrequency: 'PT15M'
    windowSize: 'P1D'
    dimensions: [
      'tenant'
      'business_date'
    ]
    query: '${loadTextContent('../monitoring/export-durations.kql')}| where seconds > ${slowAfterSeconds}'
  }
  {
    name: 'quarantine-high'
    displayName: 'Daily batch: many messages are kept out'
    description: 'More of a tenant\'s messages were kept out than may be. See docs/operations.md, "Alerts".'
    severity: 2
    evaluationFrequency: 'PT15M'
    windowSize: 'P1D'
    dimensions: [
      'tenant'
      'business_date'
    ]
    query: '${loadTextContent('../monitoring/quarantine-share.kql')}| where share * 100 > ${quarantinePercent}'
  }
  {
    name: 'quota-high'
    displayName: 'Daily batch: the YouTube quota is nearly used'
    description: 'More of the quota of this Pacific day is used than should be. See docs/operations.md, "Alerts".'
    severity: 2
    evaluationFrequency: 'PT15M'
    windowSize: 'P2D'
    dimensions: []
    query: '${ofQuota}| where today and share * 100 > ${quotaPercent}'
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: '${name}-${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: rule.displayName
    description: rule.description
    severity: rule.severity
    enabled: true
    scopes: [
      applicationInsightsId
    ]
    targetResourceTypes: [
      'microsoft.insights/components'
    ]
    evaluationFrequency: rule.evaluationFrequency
    windowSize: rule.windowSize
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: map(rule.dimensions, dimension => {
            name: dimension
            operator: 'Include'
            values: [
              '*'
            ]
          })
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    // An alert ends by itself once its query finds nothing: every one of them is about what stands now. It excludes resolveConfiguration and muteActionsDuration.
    autoMitigate: true
    // A component that has heard nothing yet may not know the tables; test/unit/monitoring has checked the queries.
    skipQueryValidation: true
    actions: {
      actionGroups: [
        actionGroupId
      ]
    }
  }
}]
