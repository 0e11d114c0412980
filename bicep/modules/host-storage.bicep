metadata description = 'The storage account of the Functions host and Durable Functions, which is theirs alone.'

@description('The name of the account.')
param name string

@description('Where it is.')
param location string

@description('The tags of every resource.')
param tags object

@description('The container that packages are deployed to.')
param packageContainer string

@description('The identity that the host works as.')
param principalId string

@description('Whether Durable Functions keeps its queues, tables and large messages here.')
param holdsDurableState bool

@description('Whether it is reached through private endpoints only.')
param privateNetwork bool

@description('Where writing and deleting is logged.')
param workspaceId string

module made 'storage-account.bicep' = {
  name: 'host-storage-account'
  params: {
    name: name
    location: location
    tags: tags
    containers: [
      packageContainer
    ]
    privateNetwork: privateNetwork
    workspaceId: workspaceId
  }
}

module access 'host-storage-access.bicep' = {
  name: 'host-storage-access'
  params: {
    accountName: name
    principalId: principalId
    holdsDurableState: holdsDurableState
  }
  dependsOn: [
    made
  ]
}

output id string = made.outputs.id
