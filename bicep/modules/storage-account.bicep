metadata description = 'A storage account that knows no keys and no anonymous reader, with its containers.'

@description('The name of the account.')
param name string

@description('Where it is.')
param location string

@description('The tags of every resource.')
param tags object

@description('How it keeps copies.')
param redundancy string = 'Standard_LRS'

@description('Its containers.')
param containers string[]

@description('How long deleted blobs and containers can be had back; 0 is not at all.')
@minValue(0)
@maxValue(365)
param softDeleteDays int = 0

@description('Whether it is reached through private endpoints only.')
param privateNetwork bool

@description('Where writing and deleting is logged.')
param workspaceId string

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: privateNetwork ? 'Deny' : 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  name: 'default'
  parent: account
  properties: {
    deleteRetentionPolicy: softDeleteDays == 0 ? {
      enabled: false
    } : {
      enabled: true
      days: softDeleteDays
    }
    containerDeleteRetentionPolicy: softDeleteDays == 0 ? {
      enabled: false
    } : {
      enabled: true
      days: softDeleteDays
    }
  }
}

resource containersOfAccount 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [for container in containers: {
  name: container
  parent: blobs
  properties: {
    publicAccess: 'None'
  }
}]

resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: blobs
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

output id string = account.id
