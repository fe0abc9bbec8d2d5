"""Every model, enum and alias of the API, each imported when it is first asked for.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvatfn.models.annotations import AnnotationFileRequest as AnnotationFileRequest
    from cvatfn.models.annotations import AnnotationFileRequestDict as AnnotationFileRequestDict
    from cvatfn.models.annotations import AnnotationFileRequestLike as AnnotationFileRequestLike
    from cvatfn.models.annotations import AttributeVal as AttributeVal
    from cvatfn.models.annotations import AttributeValRequest as AttributeValRequest
    from cvatfn.models.annotations import AttributeValRequestDict as AttributeValRequestDict
    from cvatfn.models.annotations import AttributeValRequestLike as AttributeValRequestLike
    from cvatfn.models.annotations import LabeledData as LabeledData
    from cvatfn.models.annotations import LabeledDataRequest as LabeledDataRequest
    from cvatfn.models.annotations import LabeledDataRequestDict as LabeledDataRequestDict
    from cvatfn.models.annotations import LabeledDataRequestLike as LabeledDataRequestLike
    from cvatfn.models.annotations import LabeledImage as LabeledImage
    from cvatfn.models.annotations import LabeledImageRequest as LabeledImageRequest
    from cvatfn.models.annotations import LabeledImageRequestDict as LabeledImageRequestDict
    from cvatfn.models.annotations import LabeledImageRequestLike as LabeledImageRequestLike
    from cvatfn.models.annotations import LabeledInterval as LabeledInterval
    from cvatfn.models.annotations import LabeledIntervalRequest as LabeledIntervalRequest
    from cvatfn.models.annotations import LabeledIntervalRequestDict as LabeledIntervalRequestDict
    from cvatfn.models.annotations import LabeledIntervalRequestLike as LabeledIntervalRequestLike
    from cvatfn.models.annotations import LabeledShape as LabeledShape
    from cvatfn.models.annotations import LabeledShapeRequest as LabeledShapeRequest
    from cvatfn.models.annotations import LabeledShapeRequestDict as LabeledShapeRequestDict
    from cvatfn.models.annotations import LabeledShapeRequestLike as LabeledShapeRequestLike
    from cvatfn.models.annotations import LabeledTrack as LabeledTrack
    from cvatfn.models.annotations import LabeledTrackRequest as LabeledTrackRequest
    from cvatfn.models.annotations import LabeledTrackRequestDict as LabeledTrackRequestDict
    from cvatfn.models.annotations import LabeledTrackRequestLike as LabeledTrackRequestLike
    from cvatfn.models.annotations import PatchedLabeledDataRequest as PatchedLabeledDataRequest
    from cvatfn.models.annotations import (
        PatchedLabeledDataRequestDict as PatchedLabeledDataRequestDict,
    )
    from cvatfn.models.annotations import (
        PatchedLabeledDataRequestLike as PatchedLabeledDataRequestLike,
    )
    from cvatfn.models.annotations import ShapeType as ShapeType
    from cvatfn.models.annotations import ShapeTypeLike as ShapeTypeLike
    from cvatfn.models.annotations import SubLabeledShape as SubLabeledShape
    from cvatfn.models.annotations import SubLabeledShapeRequest as SubLabeledShapeRequest
    from cvatfn.models.annotations import SubLabeledShapeRequestDict as SubLabeledShapeRequestDict
    from cvatfn.models.annotations import SubLabeledShapeRequestLike as SubLabeledShapeRequestLike
    from cvatfn.models.annotations import SubLabeledTrack as SubLabeledTrack
    from cvatfn.models.annotations import SubLabeledTrackRequest as SubLabeledTrackRequest
    from cvatfn.models.annotations import SubLabeledTrackRequestDict as SubLabeledTrackRequestDict
    from cvatfn.models.annotations import SubLabeledTrackRequestLike as SubLabeledTrackRequestLike
    from cvatfn.models.annotations import TrackedShape as TrackedShape
    from cvatfn.models.annotations import TrackedShapeRequest as TrackedShapeRequest
    from cvatfn.models.annotations import TrackedShapeRequestDict as TrackedShapeRequestDict
    from cvatfn.models.annotations import TrackedShapeRequestLike as TrackedShapeRequestLike
    from cvatfn.models.auth import AccessTokenRead as AccessTokenRead
    from cvatfn.models.auth import AccessTokenWriteRequest as AccessTokenWriteRequest
    from cvatfn.models.auth import AccessTokenWriteRequestDict as AccessTokenWriteRequestDict
    from cvatfn.models.auth import AccessTokenWriteRequestLike as AccessTokenWriteRequestLike
    from cvatfn.models.auth import LoginSerializerExRequest as LoginSerializerExRequest
    from cvatfn.models.auth import LoginSerializerExRequestDict as LoginSerializerExRequestDict
    from cvatfn.models.auth import LoginSerializerExRequestLike as LoginSerializerExRequestLike
    from cvatfn.models.auth import PaginatedAccessTokenReadList as PaginatedAccessTokenReadList
    from cvatfn.models.auth import PasswordChangeRequest as PasswordChangeRequest
    from cvatfn.models.auth import PasswordChangeRequestDict as PasswordChangeRequestDict
    from cvatfn.models.auth import PasswordChangeRequestLike as PasswordChangeRequestLike
    from cvatfn.models.auth import PasswordResetConfirmRequest as PasswordResetConfirmRequest
    from cvatfn.models.auth import (
        PasswordResetConfirmRequestDict as PasswordResetConfirmRequestDict,
    )
    from cvatfn.models.auth import (
        PasswordResetConfirmRequestLike as PasswordResetConfirmRequestLike,
    )
    from cvatfn.models.auth import (
        PasswordResetSerializerExRequest as PasswordResetSerializerExRequest,
    )
    from cvatfn.models.auth import (
        PasswordResetSerializerExRequestDict as PasswordResetSerializerExRequestDict,
    )
    from cvatfn.models.auth import (
        PasswordResetSerializerExRequestLike as PasswordResetSerializerExRequestLike,
    )
    from cvatfn.models.auth import PatchedAccessTokenWriteRequest as PatchedAccessTokenWriteRequest
    from cvatfn.models.auth import (
        PatchedAccessTokenWriteRequestDict as PatchedAccessTokenWriteRequestDict,
    )
    from cvatfn.models.auth import (
        PatchedAccessTokenWriteRequestLike as PatchedAccessTokenWriteRequestLike,
    )
    from cvatfn.models.auth import RegisterSerializerEx as RegisterSerializerEx
    from cvatfn.models.auth import RegisterSerializerExRequest as RegisterSerializerExRequest
    from cvatfn.models.auth import (
        RegisterSerializerExRequestDict as RegisterSerializerExRequestDict,
    )
    from cvatfn.models.auth import (
        RegisterSerializerExRequestLike as RegisterSerializerExRequestLike,
    )
    from cvatfn.models.auth import RestAuthDetail as RestAuthDetail
    from cvatfn.models.auth import Token as Token
    from cvatfn.models.cloudstorages import CloudStorageContent as CloudStorageContent
    from cvatfn.models.cloudstorages import CloudStorageRead as CloudStorageRead
    from cvatfn.models.cloudstorages import CloudStorageWriteRequest as CloudStorageWriteRequest
    from cvatfn.models.cloudstorages import (
        CloudStorageWriteRequestDict as CloudStorageWriteRequestDict,
    )
    from cvatfn.models.cloudstorages import (
        CloudStorageWriteRequestLike as CloudStorageWriteRequestLike,
    )
    from cvatfn.models.cloudstorages import CredentialsTypeEnum as CredentialsTypeEnum
    from cvatfn.models.cloudstorages import CredentialsTypeEnumLike as CredentialsTypeEnumLike
    from cvatfn.models.cloudstorages import FileInfo as FileInfo
    from cvatfn.models.cloudstorages import FileInfoTypeEnum as FileInfoTypeEnum
    from cvatfn.models.cloudstorages import FileInfoTypeEnumLike as FileInfoTypeEnumLike
    from cvatfn.models.cloudstorages import LocationEnum as LocationEnum
    from cvatfn.models.cloudstorages import LocationEnumLike as LocationEnumLike
    from cvatfn.models.cloudstorages import (
        PaginatedCloudStorageReadList as PaginatedCloudStorageReadList,
    )
    from cvatfn.models.cloudstorages import (
        PatchedCloudStorageWriteRequest as PatchedCloudStorageWriteRequest,
    )
    from cvatfn.models.cloudstorages import (
        PatchedCloudStorageWriteRequestDict as PatchedCloudStorageWriteRequestDict,
    )
    from cvatfn.models.cloudstorages import (
        PatchedCloudStorageWriteRequestLike as PatchedCloudStorageWriteRequestLike,
    )
    from cvatfn.models.cloudstorages import ProviderTypeEnum as ProviderTypeEnum
    from cvatfn.models.cloudstorages import ProviderTypeEnumLike as ProviderTypeEnumLike
    from cvatfn.models.cloudstorages import Storage as Storage
    from cvatfn.models.cloudstorages import StorageRequest as StorageRequest
    from cvatfn.models.cloudstorages import StorageRequestDict as StorageRequestDict
    from cvatfn.models.cloudstorages import StorageRequestLike as StorageRequestLike
    from cvatfn.models.common import BlankEnum as BlankEnum
    from cvatfn.models.common import BlankEnumLike as BlankEnumLike
    from cvatfn.models.consensus import ConsensusMergeCreateRequest as ConsensusMergeCreateRequest
    from cvatfn.models.consensus import (
        ConsensusMergeCreateRequestDict as ConsensusMergeCreateRequestDict,
    )
    from cvatfn.models.consensus import (
        ConsensusMergeCreateRequestLike as ConsensusMergeCreateRequestLike,
    )
    from cvatfn.models.consensus import ConsensusSettings as ConsensusSettings
    from cvatfn.models.consensus import (
        PaginatedConsensusSettingsList as PaginatedConsensusSettingsList,
    )
    from cvatfn.models.consensus import (
        PatchedConsensusSettingsRequest as PatchedConsensusSettingsRequest,
    )
    from cvatfn.models.consensus import (
        PatchedConsensusSettingsRequestDict as PatchedConsensusSettingsRequestDict,
    )
    from cvatfn.models.consensus import (
        PatchedConsensusSettingsRequestLike as PatchedConsensusSettingsRequestLike,
    )
    from cvatfn.models.data import Chapter as Chapter
    from cvatfn.models.data import ChapterMetadata as ChapterMetadata
    from cvatfn.models.data import ChunkType as ChunkType
    from cvatfn.models.data import ChunkTypeLike as ChunkTypeLike
    from cvatfn.models.data import DataMetaRead as DataMetaRead
    from cvatfn.models.data import DataRequest as DataRequest
    from cvatfn.models.data import DataRequestDict as DataRequestDict
    from cvatfn.models.data import DataRequestLike as DataRequestLike
    from cvatfn.models.data import DataResponse as DataResponse
    from cvatfn.models.data import FrameMeta as FrameMeta
    from cvatfn.models.data import FrameSelectionMethod as FrameSelectionMethod
    from cvatfn.models.data import FrameSelectionMethodLike as FrameSelectionMethodLike
    from cvatfn.models.data import JobValidationLayoutRead as JobValidationLayoutRead
    from cvatfn.models.data import PatchedDataMetaWriteRequest as PatchedDataMetaWriteRequest
    from cvatfn.models.data import (
        PatchedDataMetaWriteRequestDict as PatchedDataMetaWriteRequestDict,
    )
    from cvatfn.models.data import (
        PatchedDataMetaWriteRequestLike as PatchedDataMetaWriteRequestLike,
    )
    from cvatfn.models.data import PatchedJobDataMetaWriteRequest as PatchedJobDataMetaWriteRequest
    from cvatfn.models.data import (
        PatchedJobDataMetaWriteRequestDict as PatchedJobDataMetaWriteRequestDict,
    )
    from cvatfn.models.data import (
        PatchedJobDataMetaWriteRequestLike as PatchedJobDataMetaWriteRequestLike,
    )
    from cvatfn.models.data import (
        PatchedJobValidationLayoutWriteRequest as PatchedJobValidationLayoutWriteRequest,
    )
    from cvatfn.models.data import (
        PatchedJobValidationLayoutWriteRequestDict as PatchedJobValidationLayoutWriteRequestDict,
    )
    from cvatfn.models.data import (
        PatchedJobValidationLayoutWriteRequestLike as PatchedJobValidationLayoutWriteRequestLike,
    )
    from cvatfn.models.data import (
        PatchedTaskValidationLayoutWriteRequest as PatchedTaskValidationLayoutWriteRequest,
    )
    from cvatfn.models.data import (
        PatchedTaskValidationLayoutWriteRequestDict as PatchedTaskValidationLayoutWriteRequestDict,
    )
    from cvatfn.models.data import (
        PatchedTaskValidationLayoutWriteRequestLike as PatchedTaskValidationLayoutWriteRequestLike,
    )
    from cvatfn.models.data import SortingMethod as SortingMethod
    from cvatfn.models.data import SortingMethodLike as SortingMethodLike
    from cvatfn.models.data import StorageMethod as StorageMethod
    from cvatfn.models.data import StorageMethodLike as StorageMethodLike
    from cvatfn.models.data import StorageType as StorageType
    from cvatfn.models.data import StorageTypeLike as StorageTypeLike
    from cvatfn.models.data import TaskValidationLayoutRead as TaskValidationLayoutRead
    from cvatfn.models.data import ValidationMode as ValidationMode
    from cvatfn.models.data import ValidationModeLike as ValidationModeLike
    from cvatfn.models.data import ValidationParamsRequest as ValidationParamsRequest
    from cvatfn.models.data import ValidationParamsRequestDict as ValidationParamsRequestDict
    from cvatfn.models.data import ValidationParamsRequestLike as ValidationParamsRequestLike
    from cvatfn.models.events import ClientEvents as ClientEvents
    from cvatfn.models.events import ClientEventsRequest as ClientEventsRequest
    from cvatfn.models.events import ClientEventsRequestDict as ClientEventsRequestDict
    from cvatfn.models.events import ClientEventsRequestLike as ClientEventsRequestLike
    from cvatfn.models.events import Event as Event
    from cvatfn.models.events import EventRequest as EventRequest
    from cvatfn.models.events import EventRequestDict as EventRequestDict
    from cvatfn.models.events import EventRequestLike as EventRequestLike
    from cvatfn.models.growth import PaginatedUserGrowthDataList as PaginatedUserGrowthDataList
    from cvatfn.models.growth import PatchedUserGrowthDataRequest as PatchedUserGrowthDataRequest
    from cvatfn.models.growth import (
        PatchedUserGrowthDataRequestDict as PatchedUserGrowthDataRequestDict,
    )
    from cvatfn.models.growth import (
        PatchedUserGrowthDataRequestLike as PatchedUserGrowthDataRequestLike,
    )
    from cvatfn.models.growth import UserGrowthData as UserGrowthData
    from cvatfn.models.guides import AnnotationGuideRead as AnnotationGuideRead
    from cvatfn.models.guides import AnnotationGuideWriteRequest as AnnotationGuideWriteRequest
    from cvatfn.models.guides import (
        AnnotationGuideWriteRequestDict as AnnotationGuideWriteRequestDict,
    )
    from cvatfn.models.guides import (
        AnnotationGuideWriteRequestLike as AnnotationGuideWriteRequestLike,
    )
    from cvatfn.models.guides import AssetRead as AssetRead
    from cvatfn.models.guides import AssetWriteRequest as AssetWriteRequest
    from cvatfn.models.guides import AssetWriteRequestDict as AssetWriteRequestDict
    from cvatfn.models.guides import AssetWriteRequestLike as AssetWriteRequestLike
    from cvatfn.models.guides import (
        PatchedAnnotationGuideWriteRequest as PatchedAnnotationGuideWriteRequest,
    )
    from cvatfn.models.guides import (
        PatchedAnnotationGuideWriteRequestDict as PatchedAnnotationGuideWriteRequestDict,
    )
    from cvatfn.models.guides import (
        PatchedAnnotationGuideWriteRequestLike as PatchedAnnotationGuideWriteRequestLike,
    )
    from cvatfn.models.issues import CommentRead as CommentRead
    from cvatfn.models.issues import CommentsSummary as CommentsSummary
    from cvatfn.models.issues import CommentWriteRequest as CommentWriteRequest
    from cvatfn.models.issues import CommentWriteRequestDict as CommentWriteRequestDict
    from cvatfn.models.issues import CommentWriteRequestLike as CommentWriteRequestLike
    from cvatfn.models.issues import IssueRead as IssueRead
    from cvatfn.models.issues import IssuesSummary as IssuesSummary
    from cvatfn.models.issues import IssueWriteRequest as IssueWriteRequest
    from cvatfn.models.issues import IssueWriteRequestDict as IssueWriteRequestDict
    from cvatfn.models.issues import IssueWriteRequestLike as IssueWriteRequestLike
    from cvatfn.models.issues import PaginatedCommentReadList as PaginatedCommentReadList
    from cvatfn.models.issues import PaginatedIssueReadList as PaginatedIssueReadList
    from cvatfn.models.issues import PatchedCommentWriteRequest as PatchedCommentWriteRequest
    from cvatfn.models.issues import (
        PatchedCommentWriteRequestDict as PatchedCommentWriteRequestDict,
    )
    from cvatfn.models.issues import (
        PatchedCommentWriteRequestLike as PatchedCommentWriteRequestLike,
    )
    from cvatfn.models.issues import PatchedIssueWriteRequest as PatchedIssueWriteRequest
    from cvatfn.models.issues import PatchedIssueWriteRequestDict as PatchedIssueWriteRequestDict
    from cvatfn.models.issues import PatchedIssueWriteRequestLike as PatchedIssueWriteRequestLike
    from cvatfn.models.jobs import JobRead as JobRead
    from cvatfn.models.jobs import JobsSummary as JobsSummary
    from cvatfn.models.jobs import JobStage as JobStage
    from cvatfn.models.jobs import JobStageLike as JobStageLike
    from cvatfn.models.jobs import JobStatus as JobStatus
    from cvatfn.models.jobs import JobStatusLike as JobStatusLike
    from cvatfn.models.jobs import JobType as JobType
    from cvatfn.models.jobs import JobTypeLike as JobTypeLike
    from cvatfn.models.jobs import JobWriteRequest as JobWriteRequest
    from cvatfn.models.jobs import JobWriteRequestDict as JobWriteRequestDict
    from cvatfn.models.jobs import JobWriteRequestLike as JobWriteRequestLike
    from cvatfn.models.jobs import OperationStatus as OperationStatus
    from cvatfn.models.jobs import OperationStatusLike as OperationStatusLike
    from cvatfn.models.jobs import PaginatedJobReadList as PaginatedJobReadList
    from cvatfn.models.jobs import PatchedJobWriteRequest as PatchedJobWriteRequest
    from cvatfn.models.jobs import PatchedJobWriteRequestDict as PatchedJobWriteRequestDict
    from cvatfn.models.jobs import PatchedJobWriteRequestLike as PatchedJobWriteRequestLike
    from cvatfn.models.labels import Attribute as Attribute
    from cvatfn.models.labels import AttributeRequest as AttributeRequest
    from cvatfn.models.labels import AttributeRequestDict as AttributeRequestDict
    from cvatfn.models.labels import AttributeRequestLike as AttributeRequestLike
    from cvatfn.models.labels import InputTypeEnum as InputTypeEnum
    from cvatfn.models.labels import InputTypeEnumLike as InputTypeEnumLike
    from cvatfn.models.labels import Label as Label
    from cvatfn.models.labels import LabelsSummary as LabelsSummary
    from cvatfn.models.labels import LabelType as LabelType
    from cvatfn.models.labels import LabelTypeLike as LabelTypeLike
    from cvatfn.models.labels import PaginatedLabelList as PaginatedLabelList
    from cvatfn.models.labels import PatchedLabelRequest as PatchedLabelRequest
    from cvatfn.models.labels import PatchedLabelRequestDict as PatchedLabelRequestDict
    from cvatfn.models.labels import PatchedLabelRequestLike as PatchedLabelRequestLike
    from cvatfn.models.labels import Sublabel as Sublabel
    from cvatfn.models.labels import SublabelRequest as SublabelRequest
    from cvatfn.models.labels import SublabelRequestDict as SublabelRequestDict
    from cvatfn.models.labels import SublabelRequestLike as SublabelRequestLike
    from cvatfn.models.lambda_ import FunctionCall as FunctionCall
    from cvatfn.models.lambda_ import FunctionCallParams as FunctionCallParams
    from cvatfn.models.lambda_ import FunctionCallRequest as FunctionCallRequest
    from cvatfn.models.lambda_ import FunctionCallRequestDict as FunctionCallRequestDict
    from cvatfn.models.lambda_ import FunctionCallRequestLike as FunctionCallRequestLike
    from cvatfn.models.lambda_ import LabelMappingEntryRequest as LabelMappingEntryRequest
    from cvatfn.models.lambda_ import LabelMappingEntryRequestDict as LabelMappingEntryRequestDict
    from cvatfn.models.lambda_ import LabelMappingEntryRequestLike as LabelMappingEntryRequestLike
    from cvatfn.models.lambda_ import OnlineFunctionCallRequest as OnlineFunctionCallRequest
    from cvatfn.models.lambda_ import OnlineFunctionCallRequestDict as OnlineFunctionCallRequestDict
    from cvatfn.models.lambda_ import OnlineFunctionCallRequestLike as OnlineFunctionCallRequestLike
    from cvatfn.models.lambda_ import SublabelMappingEntryRequest as SublabelMappingEntryRequest
    from cvatfn.models.lambda_ import (
        SublabelMappingEntryRequestDict as SublabelMappingEntryRequestDict,
    )
    from cvatfn.models.lambda_ import (
        SublabelMappingEntryRequestLike as SublabelMappingEntryRequestLike,
    )
    from cvatfn.models.organizations import AcceptInvitationRead as AcceptInvitationRead
    from cvatfn.models.organizations import BasicOrganization as BasicOrganization
    from cvatfn.models.organizations import InvitationRead as InvitationRead
    from cvatfn.models.organizations import InvitationWriteRequest as InvitationWriteRequest
    from cvatfn.models.organizations import InvitationWriteRequestDict as InvitationWriteRequestDict
    from cvatfn.models.organizations import InvitationWriteRequestLike as InvitationWriteRequestLike
    from cvatfn.models.organizations import MembershipRead as MembershipRead
    from cvatfn.models.organizations import OrganizationRead as OrganizationRead
    from cvatfn.models.organizations import OrganizationWriteRequest as OrganizationWriteRequest
    from cvatfn.models.organizations import (
        OrganizationWriteRequestDict as OrganizationWriteRequestDict,
    )
    from cvatfn.models.organizations import (
        OrganizationWriteRequestLike as OrganizationWriteRequestLike,
    )
    from cvatfn.models.organizations import (
        PaginatedInvitationReadList as PaginatedInvitationReadList,
    )
    from cvatfn.models.organizations import (
        PaginatedMembershipReadList as PaginatedMembershipReadList,
    )
    from cvatfn.models.organizations import (
        PaginatedOrganizationReadList as PaginatedOrganizationReadList,
    )
    from cvatfn.models.organizations import (
        PatchedMembershipWriteRequest as PatchedMembershipWriteRequest,
    )
    from cvatfn.models.organizations import (
        PatchedMembershipWriteRequestDict as PatchedMembershipWriteRequestDict,
    )
    from cvatfn.models.organizations import (
        PatchedMembershipWriteRequestLike as PatchedMembershipWriteRequestLike,
    )
    from cvatfn.models.organizations import (
        PatchedOrganizationWriteRequest as PatchedOrganizationWriteRequest,
    )
    from cvatfn.models.organizations import (
        PatchedOrganizationWriteRequestDict as PatchedOrganizationWriteRequestDict,
    )
    from cvatfn.models.organizations import (
        PatchedOrganizationWriteRequestLike as PatchedOrganizationWriteRequestLike,
    )
    from cvatfn.models.organizations import RoleEnum as RoleEnum
    from cvatfn.models.organizations import RoleEnumLike as RoleEnumLike
    from cvatfn.models.page import Page as Page
    from cvatfn.models.projects import DatasetFileRequest as DatasetFileRequest
    from cvatfn.models.projects import DatasetFileRequestDict as DatasetFileRequestDict
    from cvatfn.models.projects import DatasetFileRequestLike as DatasetFileRequestLike
    from cvatfn.models.projects import PaginatedProjectReadList as PaginatedProjectReadList
    from cvatfn.models.projects import PatchedProjectWriteRequest as PatchedProjectWriteRequest
    from cvatfn.models.projects import (
        PatchedProjectWriteRequestDict as PatchedProjectWriteRequestDict,
    )
    from cvatfn.models.projects import (
        PatchedProjectWriteRequestLike as PatchedProjectWriteRequestLike,
    )
    from cvatfn.models.projects import ProjectFileRequest as ProjectFileRequest
    from cvatfn.models.projects import ProjectFileRequestDict as ProjectFileRequestDict
    from cvatfn.models.projects import ProjectFileRequestLike as ProjectFileRequestLike
    from cvatfn.models.projects import ProjectRead as ProjectRead
    from cvatfn.models.projects import ProjectWriteRequest as ProjectWriteRequest
    from cvatfn.models.projects import ProjectWriteRequestDict as ProjectWriteRequestDict
    from cvatfn.models.projects import ProjectWriteRequestLike as ProjectWriteRequestLike
    from cvatfn.models.quality import AggregationEnum as AggregationEnum
    from cvatfn.models.quality import AggregationEnumLike as AggregationEnumLike
    from cvatfn.models.quality import AnnotationConflict as AnnotationConflict
    from cvatfn.models.quality import (
        AnnotationConflictAnnotationType as AnnotationConflictAnnotationType,
    )
    from cvatfn.models.quality import (
        AnnotationConflictAnnotationTypeLike as AnnotationConflictAnnotationTypeLike,
    )
    from cvatfn.models.quality import AnnotationConflictSeverity as AnnotationConflictSeverity
    from cvatfn.models.quality import (
        AnnotationConflictSeverityLike as AnnotationConflictSeverityLike,
    )
    from cvatfn.models.quality import AnnotationConflictType as AnnotationConflictType
    from cvatfn.models.quality import AnnotationConflictTypeLike as AnnotationConflictTypeLike
    from cvatfn.models.quality import AnnotationId as AnnotationId
    from cvatfn.models.quality import AnnotationTypeEnum as AnnotationTypeEnum
    from cvatfn.models.quality import AnnotationTypeEnumLike as AnnotationTypeEnumLike
    from cvatfn.models.quality import AttributeComparison as AttributeComparison
    from cvatfn.models.quality import (
        AttributeComparisonDefaultRule as AttributeComparisonDefaultRule,
    )
    from cvatfn.models.quality import (
        AttributeComparisonDefaultRuleRequest as AttributeComparisonDefaultRuleRequest,
    )
    from cvatfn.models.quality import (
        AttributeComparisonDefaultRuleRequestDict as AttributeComparisonDefaultRuleRequestDict,
    )
    from cvatfn.models.quality import (
        AttributeComparisonDefaultRuleRequestLike as AttributeComparisonDefaultRuleRequestLike,
    )
    from cvatfn.models.quality import AttributeComparisonRequest as AttributeComparisonRequest
    from cvatfn.models.quality import (
        AttributeComparisonRequestDict as AttributeComparisonRequestDict,
    )
    from cvatfn.models.quality import (
        AttributeComparisonRequestLike as AttributeComparisonRequestLike,
    )
    from cvatfn.models.quality import AttributeComparisonRule as AttributeComparisonRule
    from cvatfn.models.quality import (
        AttributeComparisonRuleRequest as AttributeComparisonRuleRequest,
    )
    from cvatfn.models.quality import (
        AttributeComparisonRuleRequestDict as AttributeComparisonRuleRequestDict,
    )
    from cvatfn.models.quality import (
        AttributeComparisonRuleRequestLike as AttributeComparisonRuleRequestLike,
    )
    from cvatfn.models.quality import ComparatorEnum as ComparatorEnum
    from cvatfn.models.quality import ComparatorEnumLike as ComparatorEnumLike
    from cvatfn.models.quality import (
        PaginatedAnnotationConflictList as PaginatedAnnotationConflictList,
    )
    from cvatfn.models.quality import PaginatedQualityReportList as PaginatedQualityReportList
    from cvatfn.models.quality import (
        PaginatedQualityRequirementListItemList as PaginatedQualityRequirementListItemList,
    )
    from cvatfn.models.quality import PaginatedQualitySettingsList as PaginatedQualitySettingsList
    from cvatfn.models.quality import (
        PatchedQualityRequirementRequest as PatchedQualityRequirementRequest,
    )
    from cvatfn.models.quality import (
        PatchedQualityRequirementRequestDict as PatchedQualityRequirementRequestDict,
    )
    from cvatfn.models.quality import (
        PatchedQualityRequirementRequestLike as PatchedQualityRequirementRequestLike,
    )
    from cvatfn.models.quality import PatchedQualitySettingsRequest as PatchedQualitySettingsRequest
    from cvatfn.models.quality import (
        PatchedQualitySettingsRequestDict as PatchedQualitySettingsRequestDict,
    )
    from cvatfn.models.quality import (
        PatchedQualitySettingsRequestLike as PatchedQualitySettingsRequestLike,
    )
    from cvatfn.models.quality import QualityPointSizeBase as QualityPointSizeBase
    from cvatfn.models.quality import QualityPointSizeBaseLike as QualityPointSizeBaseLike
    from cvatfn.models.quality import QualityReport as QualityReport
    from cvatfn.models.quality import QualityReportConfusionMatrix as QualityReportConfusionMatrix
    from cvatfn.models.quality import (
        QualityReportConfusionMatrixAxes as QualityReportConfusionMatrixAxes,
    )
    from cvatfn.models.quality import QualityReportCreateRequest as QualityReportCreateRequest
    from cvatfn.models.quality import (
        QualityReportCreateRequestDict as QualityReportCreateRequestDict,
    )
    from cvatfn.models.quality import (
        QualityReportCreateRequestLike as QualityReportCreateRequestLike,
    )
    from cvatfn.models.quality import QualityReportJobsSummary as QualityReportJobsSummary
    from cvatfn.models.quality import (
        QualityReportRequirementCalculation as QualityReportRequirementCalculation,
    )
    from cvatfn.models.quality import (
        QualityReportRequirementCalculationStatusEnum as QualityReportRequirementCalculationStatusEnum,  # noqa: E501 - the API's name
    )
    from cvatfn.models.quality import (
        QualityReportRequirementCalculationStatusEnumLike as QualityReportRequirementCalculationStatusEnumLike,  # noqa: E501 - the API's name
    )
    from cvatfn.models.quality import (
        QualityReportRequirementsSummary as QualityReportRequirementsSummary,
    )
    from cvatfn.models.quality import (
        QualityReportRequirementSummaryItem as QualityReportRequirementSummaryItem,
    )
    from cvatfn.models.quality import QualityReportScoreComponents as QualityReportScoreComponents
    from cvatfn.models.quality import QualityReportSummary as QualityReportSummary
    from cvatfn.models.quality import QualityReportTarget as QualityReportTarget
    from cvatfn.models.quality import QualityReportTargetLike as QualityReportTargetLike
    from cvatfn.models.quality import (
        QualityReportTargetMetricSummary as QualityReportTargetMetricSummary,
    )
    from cvatfn.models.quality import (
        QualityReportTargetMetricSummaryMetricEnum as QualityReportTargetMetricSummaryMetricEnum,
    )
    from cvatfn.models.quality import (
        QualityReportTargetMetricSummaryMetricEnumLike as QualityReportTargetMetricSummaryMetricEnumLike,  # noqa: E501 - the API's name
    )
    from cvatfn.models.quality import (
        QualityReportTargetMetricValues as QualityReportTargetMetricValues,
    )
    from cvatfn.models.quality import QualityReportTasksSummary as QualityReportTasksSummary
    from cvatfn.models.quality import QualityRequirement as QualityRequirement
    from cvatfn.models.quality import (
        QualityRequirementBulkCreateNodeRequest as QualityRequirementBulkCreateNodeRequest,
    )
    from cvatfn.models.quality import (
        QualityRequirementBulkCreateNodeRequestDict as QualityRequirementBulkCreateNodeRequestDict,
    )
    from cvatfn.models.quality import (
        QualityRequirementBulkCreateNodeRequestLike as QualityRequirementBulkCreateNodeRequestLike,
    )
    from cvatfn.models.quality import (
        QualityRequirementBulkCreateRequest as QualityRequirementBulkCreateRequest,
    )
    from cvatfn.models.quality import (
        QualityRequirementBulkCreateRequestDict as QualityRequirementBulkCreateRequestDict,
    )
    from cvatfn.models.quality import (
        QualityRequirementBulkCreateRequestLike as QualityRequirementBulkCreateRequestLike,
    )
    from cvatfn.models.quality import QualityRequirementListItem as QualityRequirementListItem
    from cvatfn.models.quality import (
        QualityRequirementListItemRequest as QualityRequirementListItemRequest,
    )
    from cvatfn.models.quality import (
        QualityRequirementListItemRequestDict as QualityRequirementListItemRequestDict,
    )
    from cvatfn.models.quality import (
        QualityRequirementListItemRequestLike as QualityRequirementListItemRequestLike,
    )
    from cvatfn.models.quality import QualityRequirementRequest as QualityRequirementRequest
    from cvatfn.models.quality import QualityRequirementRequestDict as QualityRequirementRequestDict
    from cvatfn.models.quality import QualityRequirementRequestLike as QualityRequirementRequestLike
    from cvatfn.models.quality import QualitySettings as QualitySettings
    from cvatfn.models.quality import QualitySettingsRequest as QualitySettingsRequest
    from cvatfn.models.quality import QualitySettingsRequestDict as QualitySettingsRequestDict
    from cvatfn.models.quality import QualitySettingsRequestLike as QualitySettingsRequestLike
    from cvatfn.models.quality import QualityTargetMetric as QualityTargetMetric
    from cvatfn.models.quality import QualityTargetMetricLike as QualityTargetMetricLike
    from cvatfn.models.quality import ReasonEnum as ReasonEnum
    from cvatfn.models.quality import ReasonEnumLike as ReasonEnumLike
    from cvatfn.models.requests import PaginatedRequestList as PaginatedRequestList
    from cvatfn.models.requests import Request as Request
    from cvatfn.models.requests import RequestDataOperation as RequestDataOperation
    from cvatfn.models.requests import RequestStatus as RequestStatus
    from cvatfn.models.requests import RequestStatusLike as RequestStatusLike
    from cvatfn.models.requests import RqId as RqId
    from cvatfn.models.requests import RqStatus as RqStatus
    from cvatfn.models.requests import RqStatusStateEnum as RqStatusStateEnum
    from cvatfn.models.requests import RqStatusStateEnumLike as RqStatusStateEnumLike
    from cvatfn.models.server import About as About
    from cvatfn.models.server import DatasetFormat as DatasetFormat
    from cvatfn.models.server import DatasetFormats as DatasetFormats
    from cvatfn.models.server import Plugins as Plugins
    from cvatfn.models.tasks import PaginatedTaskReadList as PaginatedTaskReadList
    from cvatfn.models.tasks import PatchedTaskWriteRequest as PatchedTaskWriteRequest
    from cvatfn.models.tasks import PatchedTaskWriteRequestDict as PatchedTaskWriteRequestDict
    from cvatfn.models.tasks import PatchedTaskWriteRequestLike as PatchedTaskWriteRequestLike
    from cvatfn.models.tasks import TaskFileRequest as TaskFileRequest
    from cvatfn.models.tasks import TaskFileRequestDict as TaskFileRequestDict
    from cvatfn.models.tasks import TaskFileRequestLike as TaskFileRequestLike
    from cvatfn.models.tasks import TaskRead as TaskRead
    from cvatfn.models.tasks import TasksSummary as TasksSummary
    from cvatfn.models.tasks import TaskWriteRequest as TaskWriteRequest
    from cvatfn.models.tasks import TaskWriteRequestDict as TaskWriteRequestDict
    from cvatfn.models.tasks import TaskWriteRequestLike as TaskWriteRequestLike
    from cvatfn.models.users import BasicUser as BasicUser
    from cvatfn.models.users import BasicUserRequest as BasicUserRequest
    from cvatfn.models.users import BasicUserRequestDict as BasicUserRequestDict
    from cvatfn.models.users import BasicUserRequestLike as BasicUserRequestLike
    from cvatfn.models.users import CreatedViaEnum as CreatedViaEnum
    from cvatfn.models.users import CreatedViaEnumLike as CreatedViaEnumLike
    from cvatfn.models.users import CvatUsageReasonEnum as CvatUsageReasonEnum
    from cvatfn.models.users import CvatUsageReasonEnumLike as CvatUsageReasonEnumLike
    from cvatfn.models.users import MetaUser as MetaUser
    from cvatfn.models.users import PaginatedMetaUserList as PaginatedMetaUserList
    from cvatfn.models.users import PatchedUserRequest as PatchedUserRequest
    from cvatfn.models.users import PatchedUserRequestDict as PatchedUserRequestDict
    from cvatfn.models.users import PatchedUserRequestLike as PatchedUserRequestLike
    from cvatfn.models.users import PlannedActivitiesEnum as PlannedActivitiesEnum
    from cvatfn.models.users import PlannedActivitiesEnumLike as PlannedActivitiesEnumLike
    from cvatfn.models.users import User as User
    from cvatfn.models.users import UserIdentifiers as UserIdentifiers
    from cvatfn.models.webhooks import AllWebhookType as AllWebhookType
    from cvatfn.models.webhooks import AllWebhookTypeLike as AllWebhookTypeLike
    from cvatfn.models.webhooks import EventGroup as EventGroup
    from cvatfn.models.webhooks import Events as Events
    from cvatfn.models.webhooks import EventsEnum as EventsEnum
    from cvatfn.models.webhooks import EventsEnumLike as EventsEnumLike
    from cvatfn.models.webhooks import (
        PaginatedWebhookDeliveryReadList as PaginatedWebhookDeliveryReadList,
    )
    from cvatfn.models.webhooks import PaginatedWebhookReadList as PaginatedWebhookReadList
    from cvatfn.models.webhooks import PatchedWebhookWriteRequest as PatchedWebhookWriteRequest
    from cvatfn.models.webhooks import (
        PatchedWebhookWriteRequestDict as PatchedWebhookWriteRequestDict,
    )
    from cvatfn.models.webhooks import (
        PatchedWebhookWriteRequestLike as PatchedWebhookWriteRequestLike,
    )
    from cvatfn.models.webhooks import WebhookContentType as WebhookContentType
    from cvatfn.models.webhooks import WebhookContentTypeLike as WebhookContentTypeLike
    from cvatfn.models.webhooks import WebhookDeliveryRead as WebhookDeliveryRead
    from cvatfn.models.webhooks import WebhookRead as WebhookRead
    from cvatfn.models.webhooks import WebhooksEvent as WebhooksEvent
    from cvatfn.models.webhooks import WebhooksEventOrKey as WebhooksEventOrKey
    from cvatfn.models.webhooks import WebhookType as WebhookType
    from cvatfn.models.webhooks import WebhookTypeLike as WebhookTypeLike
    from cvatfn.models.webhooks import WebhookWriteRequest as WebhookWriteRequest
    from cvatfn.models.webhooks import WebhookWriteRequestDict as WebhookWriteRequestDict
    from cvatfn.models.webhooks import WebhookWriteRequestLike as WebhookWriteRequestLike
else:
    from cvatfn.lazily import lazily

    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "cvatfn.models.annotations": """
                AnnotationFileRequest AnnotationFileRequestDict AnnotationFileRequestLike
                AttributeVal AttributeValRequest AttributeValRequestDict AttributeValRequestLike
                LabeledData LabeledDataRequest LabeledDataRequestDict LabeledDataRequestLike
                LabeledImage LabeledImageRequest LabeledImageRequestDict LabeledImageRequestLike
                LabeledInterval LabeledIntervalRequest LabeledIntervalRequestDict
                LabeledIntervalRequestLike LabeledShape LabeledShapeRequest LabeledShapeRequestDict
                LabeledShapeRequestLike LabeledTrack LabeledTrackRequest LabeledTrackRequestDict
                LabeledTrackRequestLike PatchedLabeledDataRequest PatchedLabeledDataRequestDict
                PatchedLabeledDataRequestLike ShapeType ShapeTypeLike SubLabeledShape
                SubLabeledShapeRequest SubLabeledShapeRequestDict SubLabeledShapeRequestLike
                SubLabeledTrack SubLabeledTrackRequest SubLabeledTrackRequestDict
                SubLabeledTrackRequestLike TrackedShape TrackedShapeRequest TrackedShapeRequestDict
                TrackedShapeRequestLike
            """,
            "cvatfn.models.auth": """
                AccessTokenRead AccessTokenWriteRequest AccessTokenWriteRequestDict
                AccessTokenWriteRequestLike LoginSerializerExRequest LoginSerializerExRequestDict
                LoginSerializerExRequestLike PaginatedAccessTokenReadList PasswordChangeRequest
                PasswordChangeRequestDict PasswordChangeRequestLike PasswordResetConfirmRequest
                PasswordResetConfirmRequestDict PasswordResetConfirmRequestLike
                PasswordResetSerializerExRequest PasswordResetSerializerExRequestDict
                PasswordResetSerializerExRequestLike PatchedAccessTokenWriteRequest
                PatchedAccessTokenWriteRequestDict PatchedAccessTokenWriteRequestLike
                RegisterSerializerEx RegisterSerializerExRequest RegisterSerializerExRequestDict
                RegisterSerializerExRequestLike RestAuthDetail Token
            """,
            "cvatfn.models.cloudstorages": """
                CloudStorageContent CloudStorageRead CloudStorageWriteRequest
                CloudStorageWriteRequestDict CloudStorageWriteRequestLike CredentialsTypeEnum
                CredentialsTypeEnumLike FileInfo FileInfoTypeEnum FileInfoTypeEnumLike LocationEnum
                LocationEnumLike PaginatedCloudStorageReadList PatchedCloudStorageWriteRequest
                PatchedCloudStorageWriteRequestDict PatchedCloudStorageWriteRequestLike
                ProviderTypeEnum ProviderTypeEnumLike Storage StorageRequest StorageRequestDict
                StorageRequestLike
            """,
            "cvatfn.models.common": """
                BlankEnum BlankEnumLike
            """,
            "cvatfn.models.consensus": """
                ConsensusMergeCreateRequest ConsensusMergeCreateRequestDict
                ConsensusMergeCreateRequestLike ConsensusSettings PaginatedConsensusSettingsList
                PatchedConsensusSettingsRequest PatchedConsensusSettingsRequestDict
                PatchedConsensusSettingsRequestLike
            """,
            "cvatfn.models.data": """
                Chapter ChapterMetadata ChunkType ChunkTypeLike DataMetaRead DataRequest
                DataRequestDict DataRequestLike DataResponse FrameMeta FrameSelectionMethod
                FrameSelectionMethodLike JobValidationLayoutRead PatchedDataMetaWriteRequest
                PatchedDataMetaWriteRequestDict PatchedDataMetaWriteRequestLike
                PatchedJobDataMetaWriteRequest PatchedJobDataMetaWriteRequestDict
                PatchedJobDataMetaWriteRequestLike PatchedJobValidationLayoutWriteRequest
                PatchedJobValidationLayoutWriteRequestDict
                PatchedJobValidationLayoutWriteRequestLike PatchedTaskValidationLayoutWriteRequest
                PatchedTaskValidationLayoutWriteRequestDict
                PatchedTaskValidationLayoutWriteRequestLike SortingMethod SortingMethodLike
                StorageMethod StorageMethodLike StorageType StorageTypeLike TaskValidationLayoutRead
                ValidationMode ValidationModeLike ValidationParamsRequest
                ValidationParamsRequestDict ValidationParamsRequestLike
            """,
            "cvatfn.models.events": """
                ClientEvents ClientEventsRequest ClientEventsRequestDict ClientEventsRequestLike
                Event EventRequest EventRequestDict EventRequestLike
            """,
            "cvatfn.models.growth": """
                PaginatedUserGrowthDataList PatchedUserGrowthDataRequest
                PatchedUserGrowthDataRequestDict PatchedUserGrowthDataRequestLike UserGrowthData
            """,
            "cvatfn.models.guides": """
                AnnotationGuideRead AnnotationGuideWriteRequest AnnotationGuideWriteRequestDict
                AnnotationGuideWriteRequestLike AssetRead AssetWriteRequest AssetWriteRequestDict
                AssetWriteRequestLike PatchedAnnotationGuideWriteRequest
                PatchedAnnotationGuideWriteRequestDict PatchedAnnotationGuideWriteRequestLike
            """,
            "cvatfn.models.issues": """
                CommentRead CommentWriteRequest CommentWriteRequestDict CommentWriteRequestLike
                CommentsSummary IssueRead IssueWriteRequest IssueWriteRequestDict
                IssueWriteRequestLike IssuesSummary PaginatedCommentReadList PaginatedIssueReadList
                PatchedCommentWriteRequest PatchedCommentWriteRequestDict
                PatchedCommentWriteRequestLike PatchedIssueWriteRequest PatchedIssueWriteRequestDict
                PatchedIssueWriteRequestLike
            """,
            "cvatfn.models.jobs": """
                JobRead JobStage JobStageLike JobStatus JobStatusLike JobType JobTypeLike
                JobWriteRequest JobWriteRequestDict JobWriteRequestLike JobsSummary OperationStatus
                OperationStatusLike PaginatedJobReadList PatchedJobWriteRequest
                PatchedJobWriteRequestDict PatchedJobWriteRequestLike
            """,
            "cvatfn.models.labels": """
                Attribute AttributeRequest AttributeRequestDict AttributeRequestLike InputTypeEnum
                InputTypeEnumLike Label LabelType LabelTypeLike LabelsSummary PaginatedLabelList
                PatchedLabelRequest PatchedLabelRequestDict PatchedLabelRequestLike Sublabel
                SublabelRequest SublabelRequestDict SublabelRequestLike
            """,
            "cvatfn.models.lambda_": """
                FunctionCall FunctionCallParams FunctionCallRequest FunctionCallRequestDict
                FunctionCallRequestLike LabelMappingEntryRequest LabelMappingEntryRequestDict
                LabelMappingEntryRequestLike OnlineFunctionCallRequest OnlineFunctionCallRequestDict
                OnlineFunctionCallRequestLike SublabelMappingEntryRequest
                SublabelMappingEntryRequestDict SublabelMappingEntryRequestLike
            """,
            "cvatfn.models.organizations": """
                AcceptInvitationRead BasicOrganization InvitationRead InvitationWriteRequest
                InvitationWriteRequestDict InvitationWriteRequestLike MembershipRead
                OrganizationRead OrganizationWriteRequest OrganizationWriteRequestDict
                OrganizationWriteRequestLike PaginatedInvitationReadList PaginatedMembershipReadList
                PaginatedOrganizationReadList PatchedMembershipWriteRequest
                PatchedMembershipWriteRequestDict PatchedMembershipWriteRequestLike
                PatchedOrganizationWriteRequest PatchedOrganizationWriteRequestDict
                PatchedOrganizationWriteRequestLike RoleEnum RoleEnumLike
            """,
            "cvatfn.models.page": """
                Page
            """,
            "cvatfn.models.projects": """
                DatasetFileRequest DatasetFileRequestDict DatasetFileRequestLike
                PaginatedProjectReadList PatchedProjectWriteRequest PatchedProjectWriteRequestDict
                PatchedProjectWriteRequestLike ProjectFileRequest ProjectFileRequestDict
                ProjectFileRequestLike ProjectRead ProjectWriteRequest ProjectWriteRequestDict
                ProjectWriteRequestLike
            """,
            "cvatfn.models.quality": """
                AggregationEnum AggregationEnumLike AnnotationConflict
                AnnotationConflictAnnotationType AnnotationConflictAnnotationTypeLike
                AnnotationConflictSeverity AnnotationConflictSeverityLike AnnotationConflictType
                AnnotationConflictTypeLike AnnotationId AnnotationTypeEnum AnnotationTypeEnumLike
                AttributeComparison AttributeComparisonDefaultRule
                AttributeComparisonDefaultRuleRequest AttributeComparisonDefaultRuleRequestDict
                AttributeComparisonDefaultRuleRequestLike AttributeComparisonRequest
                AttributeComparisonRequestDict AttributeComparisonRequestLike
                AttributeComparisonRule AttributeComparisonRuleRequest
                AttributeComparisonRuleRequestDict AttributeComparisonRuleRequestLike ComparatorEnum
                ComparatorEnumLike PaginatedAnnotationConflictList PaginatedQualityReportList
                PaginatedQualityRequirementListItemList PaginatedQualitySettingsList
                PatchedQualityRequirementRequest PatchedQualityRequirementRequestDict
                PatchedQualityRequirementRequestLike PatchedQualitySettingsRequest
                PatchedQualitySettingsRequestDict PatchedQualitySettingsRequestLike
                QualityPointSizeBase QualityPointSizeBaseLike QualityReport
                QualityReportConfusionMatrix QualityReportConfusionMatrixAxes
                QualityReportCreateRequest QualityReportCreateRequestDict
                QualityReportCreateRequestLike QualityReportJobsSummary
                QualityReportRequirementCalculation QualityReportRequirementCalculationStatusEnum
                QualityReportRequirementCalculationStatusEnumLike
                QualityReportRequirementSummaryItem QualityReportRequirementsSummary
                QualityReportScoreComponents QualityReportSummary QualityReportTarget
                QualityReportTargetLike QualityReportTargetMetricSummary
                QualityReportTargetMetricSummaryMetricEnum
                QualityReportTargetMetricSummaryMetricEnumLike QualityReportTargetMetricValues
                QualityReportTasksSummary QualityRequirement QualityRequirementBulkCreateNodeRequest
                QualityRequirementBulkCreateNodeRequestDict
                QualityRequirementBulkCreateNodeRequestLike QualityRequirementBulkCreateRequest
                QualityRequirementBulkCreateRequestDict QualityRequirementBulkCreateRequestLike
                QualityRequirementListItem QualityRequirementListItemRequest
                QualityRequirementListItemRequestDict QualityRequirementListItemRequestLike
                QualityRequirementRequest QualityRequirementRequestDict
                QualityRequirementRequestLike QualitySettings QualitySettingsRequest
                QualitySettingsRequestDict QualitySettingsRequestLike QualityTargetMetric
                QualityTargetMetricLike ReasonEnum ReasonEnumLike
            """,
            "cvatfn.models.requests": """
                PaginatedRequestList Request RequestDataOperation RequestStatus RequestStatusLike
                RqId RqStatus RqStatusStateEnum RqStatusStateEnumLike
            """,
            "cvatfn.models.server": """
                About DatasetFormat DatasetFormats Plugins
            """,
            "cvatfn.models.tasks": """
                PaginatedTaskReadList PatchedTaskWriteRequest PatchedTaskWriteRequestDict
                PatchedTaskWriteRequestLike TaskFileRequest TaskFileRequestDict TaskFileRequestLike
                TaskRead TaskWriteRequest TaskWriteRequestDict TaskWriteRequestLike TasksSummary
            """,
            "cvatfn.models.users": """
                BasicUser BasicUserRequest BasicUserRequestDict BasicUserRequestLike CreatedViaEnum
                CreatedViaEnumLike CvatUsageReasonEnum CvatUsageReasonEnumLike MetaUser
                PaginatedMetaUserList PatchedUserRequest PatchedUserRequestDict
                PatchedUserRequestLike PlannedActivitiesEnum PlannedActivitiesEnumLike User
                UserIdentifiers
            """,
            "cvatfn.models.webhooks": """
                AllWebhookType AllWebhookTypeLike EventGroup Events EventsEnum EventsEnumLike
                PaginatedWebhookDeliveryReadList PaginatedWebhookReadList PatchedWebhookWriteRequest
                PatchedWebhookWriteRequestDict PatchedWebhookWriteRequestLike WebhookContentType
                WebhookContentTypeLike WebhookDeliveryRead WebhookRead WebhookType WebhookTypeLike
                WebhookWriteRequest WebhookWriteRequestDict WebhookWriteRequestLike WebhooksEvent
                WebhooksEventOrKey
            """,
        },
    )
