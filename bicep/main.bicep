targetScope = 'resourceGroup'

metadata description = 'makoto-daily-batch on Azure: the function app and everything that it needs.'

import { resourceName } from 'functions/names.bicep'
import { batchSettingDefaults, batchSettingValues } from 'types/batch-settings.bicep'
import { dataStorageOptions, databaseOptions, metadataOptions } from 'types/options.bicep'

@description('The name of this environment, such as dev or prd. It begins with a letter, and is part of every resource\'s name.')
@minLength(2)
@maxLength(64)
param environmentName string

@description('Where everything is. Flex Consumption must be there.')
param location string = resourceGroup().location

@description('Tags for every resource.')
param tags object = {}

@description('Whether services are reached through a virtual network and private endpoints only. Off, they are reached from the internet with an identity of Microsoft Entra ID: a cheap set for development.')
param privateNetwork bool = true

@description('The addresses of the virtual network: a /23 or larger.')
param networkAddressPrefix string = '10.60.0.0/22'

@description('The memory of an instance of the app.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('The instances that the app grows to at most.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('The instances that are kept ready for orchestrations.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 1

@description('Where running orchestrations are kept. Runs under way do not move from one to the other.')
@allowed([
  'azureStorage'
  'durableTaskScheduler'
])
param durableBackend string = 'azureStorage'

@description('How long telemetry and logs are kept, in days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Who is told of alerts.')
@maxLength(254)
param alertEmail string = ''

@description('The storage account of messages and Parquet.')
param dataStorage dataStorageOptions = {}

@description('The Cosmos DB account of the metadata.')
param cosmos metadataOptions = {}

@description('The PostgreSQL server of the YouTube sync.')
param database databaseOptions = {
  mode: 'create'
}

@description('The settings of the batch that are not left to their defaults.')
param batchSettings batchSettingValues = {}

@description('The key of the YouTube Data API, for the key vault. Without one, what the vault holds stays.')
@secure()
param youtubeApiKey string = ''

@description('The password of the database login, for the key vault and a server that is made. Without one, what they hold stays.')
@secure()
param databasePassword string = ''

var token = uniqueString(resourceGroup().id, environmentName)
var names = {
  identity: resourceName('id', '-', environmentName, token, 64)
  workspace: resourceName('log', '-', environmentName, token, 63)
  applicationInsights: resourceName('appi', '-', environmentName, token, 255)
  actionGroup: resourceName('ag', '-', environmentName, token, 260)
  alerts: resourceName('alert', '-', environmentName, token, 220)
  network: resourceName('vnet', '-', environmentName, token, 50)
  hostStorage: resourceName('sth', '', environmentName, token, 24)
  dataStorage: resourceName('std', '', environmentName, token, 24)
  cosmos: resourceName('cosmos', '-', environmentName, token, 44)
  postgres: resourceName('psql', '-', environmentName, token, 63)
  vault: resourceName('kv', '-', environmentName, token, 24)
  scheduler: resourceName('dts', '-', environmentName, token, 64)
  plan: resourceName('plan', '-', environmentName, token, 40)
  app: resourceName('func', '-', environmentName, token, 60)
}
var allTags = union(tags, {
  application: 'makoto-daily-batch'
  'azd-env-name': environmentName
})

var packageContainer = 'app-package'
var taskHubName = 'MakotoDailyBatch'
var usesScheduler = durableBackend == 'durableTaskScheduler'

var dataContainer = batchSettings.?DATA_CONTAINER ?? batchSettingDefaults.DATA_CONTAINER
var analyticsContainer = batchSettings.?ANALYTICS_CONTAINER ?? ''

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: names.identity
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    workspaceName: names.workspace
    applicationInsightsName: names.applicationInsights
    actionGroupName: names.actionGroup
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    alertEmail: alertEmail
    principalId: identity.outputs.principalId
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    name: names.alerts
    location: location
    tags: allTags
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    actionGroupId: monitoring.outputs.actionGroupId
    businessTimeZone: batchSettings.?BUSINESS_TIME_ZONE ?? batchSettingDefaults.BUSINESS_TIME_ZONE
    tenants: batchSettings.?TENANT_ID ?? batchSettingDefaults.TENANT_ID
    targetDateOffset: batchSettings.?TARGET_DATE_OFFSET ?? batchSettingDefaults.TARGET_DATE_OFFSET
    dailyQuota: batchSettings.?YOUTUBE_DAILY_QUOTA ?? batchSettingDefaults.YOUTUBE_DAILY_QUOTA
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  params: {
    displayName: 'Daily batch ${environmentName}'
    location: location
    tags: allTags
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    businessTimeZone: batchSettings.?BUSINESS_TIME_ZONE ?? batchSettingDefaults.BUSINESS_TIME_ZONE
    dailyQuota: batchSettings.?YOUTUBE_DAILY_QUOTA ?? batchSettingDefaults.YOUTUBE_DAILY_QUOTA
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network'
  params: {
    name: names.network
    location: location
    tags: allTags
    addressPrefix: networkAddressPrefix
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  name: 'host-storage'
  params: {
    name: names.hostStorage
    location: location
    tags: allTags
    packageContainer: packageContainer
    principalId: identity.outputs.principalId
    holdsDurableState: !usesScheduler
    privateNetwork: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module messages 'modules/data-storage.bicep' = {
  name: 'data-storage'
  params: {
    options: dataStorage
    name: names.dataStorage
    location: location
    tags: allTags
    defaultContainers: union([dataContainer], empty(analyticsContainer) ? [] : [analyticsContainer])
    principalId: identity.outputs.principalId
    privateNetwork: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module metadataStore 'modules/metadata-store.bicep' = {
  name: 'metadata-store'
  params: {
    options: cosmos
    name: names.cosmos
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
    privateNetwork: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module catalogue 'modules/catalogue-database.bicep' = {
  name: 'catalogue-database'
  params: {
    options: database
    name: names.postgres
    location: location
    tags: allTags
    password: databasePassword
    identityName: names.identity
    principalId: identity.outputs.principalId
    privateNetwork: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  params: {
    name: names.vault
    location: location
    tags: allTags
    youtubeApiKey: youtubeApiKey
    databasePassword: (database.?authentication ?? 'entra') == 'password' ? databasePassword : ''
    principalId: identity.outputs.principalId
    privateNetwork: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module endpoints 'modules/private-endpoints.bicep' = if (privateNetwork) {
  name: 'private-endpoints'
  params: {
    name: names.network
    location: location
    tags: allTags
    virtualNetworkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    hostStorageId: hostStorage.outputs.id
    vaultId: vault.outputs.id
    dataStorageId: messages.outputs.id
    cosmosId: metadataStore.outputs.id
    postgresId: catalogue.outputs.id
  }
}

module scheduler 'modules/durable-task-scheduler.bicep' = if (usesScheduler) {
  name: 'durable-task-scheduler'
  params: {
    name: names.scheduler
    location: location
    tags: allTags
    taskHubName: taskHubName
    allowedAddresses: [
      privateNetwork ? '${network!.outputs.outboundAddress}/32' : '0.0.0.0/0'
    ]
    principalId: identity.outputs.principalId
  }
}

module app 'modules/function-app.bicep' = {
  name: 'function-app'
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostStorageName: names.hostStorage
    packageContainer: packageContainer
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    schedulerEndpoint: usesScheduler ? scheduler!.outputs.endpoint : ''
    taskHubName: taskHubName
    batchSettings: union(batchSettingDefaults, batchSettings, {
      AZURE_STORAGE_ACCOUNT_URL: messages.outputs.blobEndpoint
      COSMOS_ENDPOINT: metadataStore.outputs.endpoint
      COSMOS_DATABASE_NAME: metadataStore.outputs.databaseName
      COSMOS_CONTAINER_NAME: metadataStore.outputs.containerName
      KEY_VAULT_URL: vault.outputs.url
      DB_HOST: catalogue.outputs.host
      DB_PORT: string(catalogue.outputs.port)
      DB_NAME: catalogue.outputs.databaseName
      DB_USERNAME: catalogue.outputs.login
    })
    workspaceId: monitoring.outputs.workspaceId
  }
  // The app starts as soon as it is there, and needs the host storage at once.
  dependsOn: [
    endpoints
    hostStorage
  ]
}

@description('What func azure functionapp publish takes.')
output FUNCTION_APP_NAME string = app.outputs.name

@description('BATCH_URL of the operations page.')
output FUNCTION_APP_URL string = app.outputs.url

@description('Where YOUTUBE-API-KEY and DB-PASSWORD are set by hand.')
output KEY_VAULT_NAME string = names.vault

@description('Where messages are read and Parquet is written.')
output DATA_STORAGE_ACCOUNT_NAME string = messages.outputs.accountName

@description('Where the tenants are registered.')
output COSMOS_ACCOUNT_NAME string = metadataStore.outputs.accountName

@description('The identity that services of somebody else must let in.')
output IDENTITY_NAME string = names.identity

@description('The PostgreSQL server; blank without one.')
output DATABASE_HOST string = catalogue.outputs.host

@description('The address that the app comes from; blank without a network.')
output OUTBOUND_ADDRESS string = privateNetwork ? network!.outputs.outboundAddress : ''
