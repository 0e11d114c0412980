metadata description = 'Private endpoints of the services, and the names by which the network finds them.'

@description('What begins the names of the endpoints.')
param name string

@description('Where they are.')
param location string

@description('The tags of every resource.')
param tags object

@description('The network that resolves the names.')
param virtualNetworkId string

@description('The subnet of the endpoints.')
param subnetId string

@description('The storage account of the host.')
param hostStorageId string

@description('The key vault.')
param vaultId string

@description('The storage account of messages and Parquet. Blank where it is somebody else\'s.')
param dataStorageId string

@description('The Cosmos DB account. Blank where it is somebody else\'s.')
param cosmosId string

@description('The PostgreSQL server. Blank where it is somebody else\'s, or there is none.')
param postgresId string

var storageSuffix = environment().suffixes.storage

// A service of somebody else is not here: its owner decides who reaches it, and it goes on to be found by its public name.
var endpoints = filter([
  { name: 'host-blob', resourceId: hostStorageId, group: 'blob', zone: 'privatelink.blob.${storageSuffix}' }
  { name: 'host-queue', resourceId: hostStorageId, group: 'queue', zone: 'privatelink.queue.${storageSuffix}' }
  { name: 'host-table', resourceId: hostStorageId, group: 'table', zone: 'privatelink.table.${storageSuffix}' }
  { name: 'data-blob', resourceId: dataStorageId, group: 'blob', zone: 'privatelink.blob.${storageSuffix}' }
  { name: 'cosmos', resourceId: cosmosId, group: 'Sql', zone: 'privatelink.documents.azure.com' }
  { name: 'vault', resourceId: vaultId, group: 'vault', zone: 'privatelink.vaultcore.azure.net' }
  { name: 'postgres', resourceId: postgresId, group: 'postgresqlServer', zone: 'privatelink.postgres.database.azure.com' }
], endpoint => !empty(endpoint.resourceId))

var zoneNames = union(map(endpoints, endpoint => endpoint.zone), [])

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for zoneName in zoneNames: {
  name: zoneName
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (zoneName, index) in zoneNames: {
  name: 'app-${uniqueString(virtualNetworkId, zoneName)}'
  parent: zones[index]
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    // An account of somebody else may have a private endpoint in another network: its public name must go on to resolve here.
    resolutionPolicy: 'NxDomainRedirect'
    virtualNetwork: {
      id: virtualNetworkId
    }
  }
}]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [for endpoint in endpoints: {
  name: '${name}-${endpoint.name}'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: endpoint.name
        properties: {
          privateLinkServiceId: endpoint.resourceId
          groupIds: [
            endpoint.group
          ]
        }
      }
    ]
  }
}]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [for (endpoint, index) in endpoints: {
  name: 'default'
  parent: privateEndpoints[index]
  properties: {
    privateDnsZoneConfigs: [
      {
        name: endpoint.group
        properties: {
          privateDnsZoneId: resourceId('Microsoft.Network/privateDnsZones', endpoint.zone)
        }
      }
    ]
  }
  dependsOn: [
    zones
  ]
}]
