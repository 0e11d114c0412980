metadata description = 'The storage account of messages and Parquet, made here or somebody else\'s, and what the batch may do there.'

import { dataStorageOptions } from '../types/options.bicep'

@description('What was chosen.')
param options dataStorageOptions

@description('The name of an account that is made.')
param name string

@description('Where an account that is made is.')
param location string

@description('The tags of every resource.')
param tags object

@description('The containers that DATA_CONTAINER and ANALYTICS_CONTAINER stand for, where the options do not list them.')
param defaultContainers string[]

@description('The identity that the batch works as.')
param principalId string

@description('Whether an account that is made is reached through private endpoints only.')
param privateNetwork bool

@description('Where writing and deleting is logged.')
param workspaceId string

var makes = empty(options.?accountName ?? '')
var accountName = makes ? name : (options.?accountName ?? name)
var containers = options.?containers ?? defaultContainers

module made 'storage-account.bicep' = if (makes) {
  name: 'data-storage-account'
  params: {
    name: name
    location: location
    tags: tags
    redundancy: options.?redundancy ?? 'Standard_LRS'
    containers: containers
    softDeleteDays: options.?softDeleteDays ?? 7
    privateNetwork: privateNetwork
    workspaceId: workspaceId
  }
}

module access 'data-storage-access.bicep' = {
  name: 'data-storage-access'
  scope: resourceGroup(options.?resourceGroupName ?? resourceGroup().name)
  params: {
    accountName: accountName
    containers: containers
    principalId: principalId
  }
  dependsOn: [
    made
  ]
}

@description('Blank where the account is somebody else\'s.')
output id string = makes ? made!.outputs.id : ''
output accountName string = accountName
output blobEndpoint string = access.outputs.blobEndpoint
