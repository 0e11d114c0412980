metadata description = 'What the batch may do in the storage account of messages and Parquet: read and write its containers, and nothing else there.'

@description('The account, in the resource group of this module.')
param accountName string

@description('The containers of messages and Parquet.')
param containers string[]

@description('The identity that the batch works as.')
param principalId string

var roles = loadJsonContent('../roles.json')

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: accountName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' existing = {
  name: 'default'
  parent: account
}

resource containersOfAccount 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = [for container in containers: {
  name: container
  parent: blobs
}]

resource contributors 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (container, index) in containers: {
  name: guid(account.id, container, principalId, roles.storageBlobDataContributor.id)
  scope: containersOfAccount[index]
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor.id)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}]

output blobEndpoint string = account.properties.primaryEndpoints.blob
