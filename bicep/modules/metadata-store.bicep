metadata description = 'The Cosmos DB account of the metadata, made here or somebody else\'s, and what the batch may do there.'

import { metadataOptions } from '../types/options.bicep'

@description('What was chosen.')
param options metadataOptions

@description('The name of an account that is made.')
param name string

@description('Where an account that is made is.')
param location string

@description('The tags of every resource.')
param tags object

@description('The identity that the batch works as.')
param principalId string

@description('Whether an account that is made is reached through private endpoints only.')
param privateNetwork bool

@description('Where changes of the account are logged.')
param workspaceId string

var makes = empty(options.?accountName ?? '')
var accountName = makes ? name : (options.?accountName ?? name)
var databaseName = options.?databaseName ?? 'makoto-db'
var containerName = options.?containerName ?? 'metadata'

module made 'cosmos-account.bicep' = if (makes) {
  name: 'cosmos-account'
  params: {
    name: name
    location: location
    tags: tags
    databaseName: databaseName
    containerName: containerName
    privateNetwork: privateNetwork
    workspaceId: workspaceId
  }
}

module access 'cosmos-access.bicep' = {
  name: 'cosmos-access'
  scope: resourceGroup(options.?resourceGroupName ?? resourceGroup().name)
  params: {
    accountName: accountName
    databaseName: databaseName
    containerName: containerName
    principalId: principalId
  }
  dependsOn: [
    made
  ]
}

@description('Blank where the account is somebody else\'s.')
output id string = makes ? made!.outputs.id : ''
output accountName string = accountName
output endpoint string = access.outputs.endpoint
output databaseName string = databaseName
output containerName string = containerName
