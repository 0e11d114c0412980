metadata description = 'The workbook: the batch at a glance, in the portal below the Application Insights component.'

@description('The title of the workbook.')
param displayName string

@description('Where it is.')
param location string

@description('Its tags.')
param tags object

@description('The Application Insights component whose telemetry it shows.')
param applicationInsightsId string

@description('BUSINESS_TIME_ZONE of the app.')
param businessTimeZone string

@description('YOUTUBE_DAILY_QUOTA of the app.')
param dailyQuota string

// The workbook's JSON is as the portal exports it, but for the component's id and what the settings of a deployment decide.
var ofComponent = replace(loadTextContent('../monitoring/workbook.json'), 'APPLICATION_INSIGHTS_ID', applicationInsightsId)
var inZone = replace(ofComponent, 'let businessTimeZone = \'Asia/Tokyo\';', 'let businessTimeZone = \'${businessTimeZone}\';')

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(applicationInsightsId, 'makoto-daily-batch')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: applicationInsightsId
    serializedData: replace(inZone, 'let dailyQuota = 10000;', 'let dailyQuota = ${dailyQuota};')
  }
}
