metadata description = 'The Durable Task Scheduler with the hub of the app, in place of the host storage as the place of running orchestrations.'

@description('The name of the scheduler.')
param name string

@description('Where it is.')
param location string

@description('The tags of every resource.')
param tags object

@description('The hub of the app.')
param taskHubName string

@description('The addresses that may reach it: the app\'s own where it has a fixed one.')
param allowedAddresses string[]

@description('The identity that the app works as.')
param principalId string

var roles = loadJsonContent('../roles.json')

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: allowedAddresses
    sku: {
      name: 'Consumption'
    }
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  name: taskHubName
  parent: scheduler
}

resource contributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(taskHub.id, principalId, roles.durableTaskDataContributor.id)
  scope: taskHub
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.durableTaskDataContributor.id)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

output endpoint string = scheduler.properties.endpoint
