@export()
@sealed()
@description('The storage account of messages and Parquet.')
type dataStorageOptions = {
  @description('An account that is there already. Without it, one is made.')
  accountName: string?

  @description('Its resource group, where it is not that of the deployment.')
  resourceGroupName: string?

  @description('The containers that DATA_CONTAINER and ANALYTICS_CONTAINER stand for, where these hold {tenant}: one for each tenant. In an account that is there already, they are there too.')
  containers: string[]?

  @description('How the account that is made keeps copies.')
  redundancy: ('Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS')?

  @description('How long the account that is made keeps what was deleted.')
  @minValue(1)
  @maxValue(365)
  softDeleteDays: int?
}

@export()
@sealed()
@description('The Cosmos DB account of the metadata.')
type metadataOptions = {
  @description('An account that is there already, with the database and the container. Without it, one is made.')
  accountName: string?

  @description('Its resource group, where it is not that of the deployment.')
  resourceGroupName: string?

  @description('COSMOS_DATABASE_NAME.')
  databaseName: string?

  @description('COSMOS_CONTAINER_NAME. Its partition key is /PK.')
  containerName: string?
}

@export()
@sealed()
@description('A person, group or identity of Microsoft Entra ID that administers the PostgreSQL server.')
type databaseAdministrator = {
  objectId: string
  name: string
  type: 'User' | 'Group' | 'ServicePrincipal'
}

@export()
@sealed()
@description('The PostgreSQL server of the YouTube sync.')
type databaseOptions = {
  @description('create: a flexible server is made; existing: host names one; none: there is no YouTube sync.')
  mode: 'create' | 'existing' | 'none'

  @description('The host of a server that is there already.')
  host: string?

  @description('DB_PORT.')
  port: int?

  @description('DB_NAME.')
  name: string?

  @description('entra: the app signs in with its identity, and the server knows no passwords; password: with the one that databasePassword gives.')
  authentication: ('entra' | 'password')?

  @description('DB_USERNAME: by default the name of the app\'s identity, or makoto with a password. The login of a server that is made cannot be changed later.')
  login: string?

  @description('The administrators of the server that is made. Without any, it is the app\'s identity, which then can migrate the schema at its first run.')
  administrators: databaseAdministrator[]?

  @description('The size of the server that is made.')
  skuName: string?

  @description('The tier that the size belongs to.')
  skuTier: ('Burstable' | 'GeneralPurpose' | 'MemoryOptimized')?

  @description('The disk of the server that is made. It grows by itself, and never shrinks.')
  storageSizeGB: (32 | 64 | 128 | 256 | 512 | 1024)?

  @description('How long backups are kept.')
  @minValue(7)
  @maxValue(35)
  backupRetentionDays: int?
}
