metadata description = 'The function app on a Flex Consumption plan, with all its app settings.'

@description('The name of the app.')
param name string

@description('The name of its plan.')
param planName string

@description('Where they are.')
param location string

@description('The tags of every resource.')
param tags object

@description('The identity that the app works as.')
param identityId string

@description('Its client id, by which the app asks for tokens.')
param identityClientId string

@description('The storage account of the host.')
param hostStorageName string

@description('The container of the host storage that packages are deployed to.')
param packageContainer string

@description('The subnet that the app goes out through. Without one, it goes out from shared addresses.')
param subnetId string

@description('The memory of an instance. Its share of a processor grows with it.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int

@description('The instances that the app grows to at most.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('The instances that are kept ready for orchestrations and their steps.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int

@description('Where telemetry goes.')
param applicationInsightsConnectionString string

@description('The endpoint of the Durable Task Scheduler. Without one, orchestrations are kept in the host storage.')
param schedulerEndpoint string

@description('The hub in the scheduler.')
param taskHubName string

@description('The settings of the batch.')
param batchSettings object

@description('Where the log of the platform goes.')
param workspaceId string

var storageSuffix = environment().suffixes.storage

var runtimeSettings = {
  AZURE_CLIENT_ID: identityClientId
  AzureWebJobsStorage__blobServiceUri: 'https://${hostStorageName}.blob.${storageSuffix}'
  AzureWebJobsStorage__queueServiceUri: 'https://${hostStorageName}.queue.${storageSuffix}'
  AzureWebJobsStorage__tableServiceUri: 'https://${hostStorageName}.table.${storageSuffix}'
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  WEBSITE_CLOUD_ROLENAME: 'makoto-daily-batch'
  OTEL_SERVICE_NAME: 'makoto-daily-batch'
  OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
  OTEL_TRACES_SAMPLER_ARG: '1'
}

// They stand in for host.json, which is the same for both backends. The extension reads them, but the scale controller reads host.json itself
// (azure-functions-durable-extension, issues 2622 and 2803): with the scheduler, alwaysReadyInstances is what the app runs on.
var schedulerSettings = empty(schedulerEndpoint) ? {} : {
  AzureFunctionsJobHost__extensions__durableTask__hubName: taskHubName
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};TaskHub=${taskHubName};Authentication=ManagedIdentity;ClientID=${identityClientId}'
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, {
    'azd-service-name': 'batch'
  })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${hostStorageName}.blob.${storageSuffix}/${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: '22'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0 ? [] : [
          {
            name: 'durable'
            instanceCount: alwaysReadyInstances
          }
        ]
      }
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  name: 'appsettings'
  parent: app
  properties: union(batchSettings, runtimeSettings, schedulerSettings)
}

resource passwordDeployments 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  name: 'scm'
  parent: app
  properties: {
    allow: false
  }
}

resource passwordTransfers 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  name: 'ftp'
  parent: app
  properties: {
    allow: false
  }
}

resource platformLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'FunctionAppLogs'
        enabled: true
      }
    ]
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
